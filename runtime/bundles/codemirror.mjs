/* What the formula editor takes of CodeMirror; runtime/assets.py bundles it into static/vendor. */
export { autocompletion, closeBrackets, completionStatus, startCompletion } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
export { setDiagnostics } from "@codemirror/lint";
export { StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, WidgetType, keymap } from "@codemirror/view";
export { classHighlighter } from "@lezer/highlight";
