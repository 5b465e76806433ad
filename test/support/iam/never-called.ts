/**
 * What a function's role allows although the function never calls it: AWS itself does, in the role's name. Whoever adds a
 * permission that no test uses has to say here who does, or take it out.
 */
export const neverCalled: Readonly<Record<string, string>> = {
  "logs:CreateLogStream": "Lambda's runtime, when an instance starts.",
  "logs:PutLogEvents": "Lambda's runtime, with what the function writes to its standard output.",
  "ec2:CreateNetworkInterface": "Lambda, when a function is first attached to its subnets.",
  "ec2:DescribeNetworkInterfaces": "Lambda, to see whether an interface is ready.",
  "ec2:DescribeSubnets": "Lambda, to see where an interface can be made.",
  "ec2:DeleteNetworkInterface": "Lambda, when the last function with these subnets is gone; without it the subnets cannot be deleted.",
  "ec2:AssignPrivateIpAddresses": "Lambda, as AWS's own AWSLambdaVPCAccessExecutionRole has it.",
  "ec2:UnassignPrivateIpAddresses": "Lambda, as AWS's own AWSLambdaVPCAccessExecutionRole has it.",
};

/** Commands in the handlers' code that no function and no task sends, each with who does. */
export const sentElsewhere: Readonly<Record<string, string>> = {
  PutLogEventsCommand: "A machine that backs itself up, with its own role: test/least-privilege/host.test.ts records it.",
};
