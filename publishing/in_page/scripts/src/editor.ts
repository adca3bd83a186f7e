/** The editor: CodeMirror, for Python or for text with formulas. */

import { closeBrackets, closeBracketsKeymap, insertBracket } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Editor {
  readonly element: HTMLElement;
  text: string;
  focus(): void;
  /** Put a sign where the cursor is, as if it were typed. */
  insert(sign: string): void;
  /** Move the lines of the selection. */
  indent(isMore: boolean): void;
}

/** The colours are variables of the page's style, for light and dark. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.moduleKeyword], class: "code-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "code-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "code-number" },
  { tag: tags.comment, class: "code-comment" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName))], class: "code-name" },
]);

/**
 * Make an editor.
 *
 * @param text What stands in it.
 * @param label Its name, for those who hear the page, with how to leave it.
 * @param isCode Whether it is Python.
 * @param onChange Called after each change.
 * @param onRun Called for Ctrl+Enter.
 */
export function makeEditor(
  text: string,
  label: string,
  isCode: boolean,
  onChange: () => void,
  onRun: () => void,
): Editor {
  const run = {
    key: "Mod-Enter",
    run: () => {
      onRun();
      return true;
    },
  };
  const code = isCode
    ? [
        lineNumbers(),
        python(),
        indentUnit.of("    "),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        syntaxHighlighting(COLOURS),
        keymap.of([...closeBracketsKeymap, indentWithTab]),
      ]
    : [EditorView.lineWrapping];
  const view = new EditorView({
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([run]),
        ...code,
        history(),
        drawSelection(),
        highlightActiveLine(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of({
          "aria-label": label,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: isCode ? "false" : "true",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            onChange();
          }
        }),
      ],
    }),
  });
  return {
    element: view.dom,
    get text() {
      return view.state.doc.toString();
    },
    set text(changed: string) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: changed } });
    },
    focus: () => view.focus(),
    insert: (sign) => {
      const typed = { userEvent: "input.type", scrollIntoView: true };
      view.dispatch(insertBracket(view.state, sign) ?? view.state.update(view.state.replaceSelection(sign), typed));
    },
    indent: (isMore) => {
      (isMore ? indentMore : indentLess)(view);
    },
  };
}
