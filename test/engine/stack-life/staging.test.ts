import { lifeOf } from "./life.ts";

lifeOf("staging");
