/* Answers the questions of a quiz (see publishing/sphinx_extension/quizzes.py): "Check" shows the explanation of the
   chosen answer, in a place that screen readers announce. Nothing is counted, kept or sent. */
"use strict";

for (const question of document.querySelectorAll(".quiz-question")) {
  const check = question.querySelector(".quiz-check");
  const feedback = question.querySelector(".quiz-feedback");
  const choices = [...question.querySelectorAll(".quiz-choice")];

  function clear() {
    feedback.replaceChildren();
    delete feedback.dataset.verdict;
    choices.forEach((choice) => delete choice.dataset.verdict);
  }

  function show() {
    clear();
    const input = question.querySelector("input:checked");
    if (!input) {
      feedback.textContent = "Choose an answer first.";
      return;
    }
    const verdict = input.value === question.dataset.right ? "right" : "wrong";
    feedback.dataset.verdict = verdict;
    input.closest(".quiz-choice").dataset.verdict = verdict;
    const said = document.createElement("strong");
    said.textContent = verdict === "right" ? "✓ Right. " : "✗ Not right. ";
    const explanations = [...question.querySelectorAll(".quiz-explanation")];
    const explanation = explanations.find((one) => one.dataset.letters.includes(input.value));
    const copy = explanation.cloneNode(true);
    copy.className = "";
    copy.prepend(said);
    feedback.append(copy);
  }

  check.hidden = false;
  check.querySelector("button").addEventListener("click", show);
  choices.forEach((choice) => choice.addEventListener("change", clear));
}
