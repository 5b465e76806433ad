import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const forbidden = [
  {
    selector: "CallExpression[callee.property.name=/^(sort|reverse)$/][callee.object.type!='ArrayExpression']",
    message: "It changes an array that others may hold. Use toSorted or toReversed.",
  },
  {
    selector: "TSNonNullExpression > MemberExpression[object.object.name='process'][object.property.name='env']",
    message: "A variable that is not set becomes undefined at a distance. Read it once, and say what is missing.",
  },
  { selector: "TSAsExpression > TSAnyKeyword", message: "It switches the compiler off for all that follows. Say what the value is, or unknown." },
];

export default defineConfig(
  globalIgnores(["**/dist/", ".parts/", "coverage/", "**/*.js", "**/*.cjs", "**/*.mjs"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // A rule is right or it leaves this file; nobody switches it off beside the code.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": ["error", ...forbidden],
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "default-case-last": "error",
      "no-template-curly-in-string": "error",
      "no-unreachable-loop": "error",
      "array-callback-return": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-shadow": "error",
      "@typescript-eslint/no-unnecessary-type-arguments": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_$", destructuredArrayIgnorePattern: "^_" }],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/require-array-sort-compare": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true }],
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "error",
      // Ports and doubles are plain objects; their methods know no `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-empty-function": "off",
      // Brackets say that a key comes from a document, not from a type.
      "@typescript-eslint/dot-notation": "off",
      // Doubles and ports answer promises without having to wait for anything.
      "@typescript-eslint/require-await": "off",
      // An index signature names its key; a record cannot.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // A union of literals reads better as a type; both spellings have their place.
      "@typescript-eslint/consistent-type-definitions": "off",
    },
  },
);
