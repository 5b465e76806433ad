import { lifeOf } from "./life.ts";

lifeOf("prod");
