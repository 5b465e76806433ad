import { expect, it } from "vitest";
import { commandOf } from "../../../../handlers/engines/mongodb/client.ts";

it.each([
  ['{"count":"orders"}'], ['{"aggregate":"orders","pipeline":[{"$group":{"_id":null,"most":{"$max":"$number"}}}],"cursor":{}}'], ['{"find":"users","filter":{"email":"a@example"},"limit":1}'],
])("a question to MongoDB may be %s", async (question) => {
  await expect(commandOf(question)).resolves.toEqual(JSON.parse(question));
});

it.each([
  ['{"dropDatabase":1}', "dropDatabase"], ['{"delete":"orders","deletes":[]}', "delete"], ['{"findAndModify":"orders","remove":true}', "findAndModify"], ["{}", "nothing"],
  ['{"aggregate":"orders","pipeline":[{"$out":"copies"}],"cursor":{}}', "aggregate"], ['{"aggregate":"orders","pipeline":[{"$merge":{"into":"copies"}}],"cursor":{}}', "aggregate"],
])("a question to MongoDB only reads, which %s does not", async (question, name) => {
  await expect(commandOf(question)).rejects.toThrow(`Expected a command that only reads, ${name} is none or may write.`);
});
