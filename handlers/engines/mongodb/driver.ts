/**
 * What is used of the official driver. A file of its own, loaded as a whole when it is asked for: a bundle that is cut
 * into parts gives a CommonJS package no named exports when that is imported itself.
 */
export { BSON, MongoClient } from "mongodb";
