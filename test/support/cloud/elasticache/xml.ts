/** A value of a query API's answer: lists have the name of their members in the model. */
export type Xml = string | number | boolean | undefined | { readonly [name: string]: Xml | readonly Xml[] };

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** As ElastiCache writes it: no attributes, what is undefined left out, each member of a list under its own name. */
function xmlOf(name: string, value: Xml | readonly Xml[]): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return (value as readonly Xml[]).map((one) => xmlOf(name, one)).join("");
  if (typeof value !== "object") return `<${name}>${escaped(String(value))}</${name}>`;
  return `<${name}>${Object.entries(value).map(([key, own]) => xmlOf(key, own)).join("")}</${name}>`;
}

export const answerXml = (action: string, result: Xml): string =>
  `<?xml version="1.0"?><${action}Response xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">${result === undefined ? "" : xmlOf(`${action}Result`, result)}<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${action}Response>`;

export const errorXml = (code: string, message: string): string =>
  `<?xml version="1.0"?><ErrorResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">${xmlOf("Error", { Type: "Sender", Code: code, Message: message })}<RequestId>0</RequestId></ErrorResponse>`;
