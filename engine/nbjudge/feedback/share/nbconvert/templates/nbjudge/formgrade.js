/* Formgrader waits for MathJax, which is not there, and then goes to the field that the address
   names: to the first of the page, mostly. It goes to the first that waits for points instead, or
   to the first that lost some. */
(() => {
  const PATIENCE = 5000; // ms for the grades, without which the page begins at its top

  const fieldToGrade = () => {
    const grades = new Map(formgrader.grades.map((grade) => [grade.get("name"), grade]));
    const fields = [...document.querySelectorAll("input.score")].filter(({ id }) => grades.has(id));
    const lost = (grade) => (grade.get("manual_score") ?? grade.get("auto_score")) < grade.get("max_score");
    return (
      fields.find(({ id }) => grades.get(id).get("needs_manual_grade")) ??
      fields.find(({ id }) => lost(grades.get(id)))
    );
  };

  const begin = (done, until) => {
    if (!formgrader.grades.loaded && Date.now() < until) {
      setTimeout(begin, 20, done, until);
      return;
    }
    if (document.activeElement.matches(".tabbable")) {
      MathJax.loaded = true; // somebody was faster, and is typing
      return;
    }
    const field = formgrader.current_index === 0 && fieldToGrade();
    if (field) formgrader.last_selected = $(field);
    done("End");
  };

  /* What a page of nbgrader's leaves unsaid to those who hear it. */
  const nameParts = () => {
    document.documentElement.lang = "en";
    document.querySelector("ul:has(> .breadcrumb)")?.setAttribute("role", "presentation");
    const kinds = { ".score": "Points", ".extra-credit": "Extra credit", ".comment": "Comment" };
    for (const [kind, name] of Object.entries(kinds)) {
      for (const field of document.querySelectorAll(`.tabbable${kind}`)) {
        const cell = field.id.replace(/(_extra_credit|-comment)$/, "");
        field.setAttribute("aria-label", `${name}: ${cell}`);
      }
    }
  };

  document.addEventListener("DOMContentLoaded", nameParts);

  const Interest = (done) => setTimeout(begin, 0, done, Date.now() + PATIENCE);
  window.MathJax = { Hub: { Startup: { signal: { Interest } } } };
})();
