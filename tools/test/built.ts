/** Root of the tree that was built right before its tests began: they need not do it again, file by file. */
export const builtVariable = "UPKEEP_TEST_BUILT";
