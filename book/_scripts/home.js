/* The picture of the first page: softmax regression learns the map of three classes before the
   reader's eyes, by gradient descent from weights of zero, and goes on learning when a point is moved.

   The points are those of the drawing (book/_pictures/home.svg), which shows the end of the walk by
   itself. Whoever asks for less motion gets the end at once. */
"use strict";

(() => {
  const drawing = document.querySelector(".home-picture svg");
  if (!drawing) {
    return;
  }
  const size = drawing.viewBox.baseVal.width;
  const points = [...drawing.querySelectorAll("circle")];
  const classes = ["blue", "orange", "green"];
  const paper = { blue: [0, 114, 178], orange: [213, 94, 0], green: [0, 158, 115] };
  const [RIDGE, STEP, MOST, GRID] = [0.004, 1.6, 1500, 40];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /* The place of a point, from -1 to 1 in both directions, behind a 1 for the bias. */
  const features = (circle) => [
    1,
    (2 * circle.cx.baseVal.value) / size - 1,
    1 - (2 * circle.cy.baseVal.value) / size,
  ];
  const labels = points.map((circle) => classes.indexOf(circle.getAttribute("class")));
  let weights, steps, frame;

  function softmax(x) {
    const logits = weights.map((w) => w[0] * x[0] + w[1] * x[1] + w[2] * x[2]);
    const largest = Math.max(...logits);
    const powers = logits.map((a) => Math.exp(a - largest));
    const sum = powers[0] + powers[1] + powers[2];
    return powers.map((power) => power / sum);
  }

  /* One step down the mean cross-entropy and a small ridge; returns the largest change. */
  function step() {
    const gradient = weights.map((w) => [0, RIDGE * w[1], RIDGE * w[2]]);
    points.forEach((circle, i) => {
      const x = features(circle);
      softmax(x).forEach((p, c) => {
        const surplus = (p - (labels[i] === c)) / points.length;
        x.forEach((value, d) => (gradient[c][d] += surplus * value));
      });
    });
    let largest = 0;
    weights.forEach((w, c) => w.forEach((_, d) => {
      w[d] -= STEP * gradient[c][d];
      largest = Math.max(largest, Math.abs(STEP * gradient[c][d]));
    }));
    steps += 1;
    return largest;
  }

  const loss = () =>
    -points.reduce((sum, circle, i) => sum + Math.log(softmax(features(circle))[labels[i]]), 0)
    / points.length;

  /* The part of the line between two classes on which the third one has less than both. */
  function border(j, k) {
    const between = weights[j].map((w, d) => w - weights[k][d]);
    const third = weights[3 - j - k].map((w, d) => weights[j][d] - w);
    const [b, u, v] = between;
    const square = u * u + v * v;
    if (square < 1e-12) {
      return [[0, 0], [0, 0]];
    }
    const foot = [(-b * u) / square, (-b * v) / square];
    const along = [-v / Math.sqrt(square), u / Math.sqrt(square)];
    let [low, high] = [-9, 9];
    const keep = (value, slope) => { // value + t slope >= 0
      if (Math.abs(slope) < 1e-12) {
        if (value < 0) high = low;
      } else if (slope > 0) {
        low = Math.max(low, -value / slope);
      } else {
        high = Math.min(high, -value / slope);
      }
    };
    keep(third[0] + third[1] * foot[0] + third[2] * foot[1], third[1] * along[0] + third[2] * along[1]);
    for (const d of [0, 1]) {
      keep(1 - foot[d], -along[d]);
      keep(1 + foot[d], along[d]);
    }
    return low < high ? [low, high].map((t) => foot.map((f, d) => f + t * along[d])) : [[0, 0], [0, 0]];
  }

  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = GRID;
  canvas.setAttribute("aria-hidden", "true");
  drawing.before(canvas);
  const context = canvas.getContext("2d");

  function paint() {
    const image = context.createImageData(GRID, GRID);
    for (let row = 0; row < GRID; row++) {
      for (let column = 0; column < GRID; column++) {
        const p = softmax([1, (2 * column + 1) / GRID - 1, 1 - (2 * row + 1) / GRID]);
        const at = 4 * (row * GRID + column);
        for (let part = 0; part < 3; part++) {
          image.data[at + part] = classes.reduce((sum, name, c) => sum + p[c] * paper[name][part], 0);
        }
        image.data[at + 3] = 255 * (0.08 + 0.5 * Math.max(0, 1.5 * Math.max(...p) - 0.5));
      }
    }
    context.putImageData(image, 0, 0);
    const pixel = ([x, y]) => [((x + 1) * size) / 2, ((1 - y) * size) / 2];
    const ends = [border(0, 1), border(1, 2), border(2, 0)].map((line) => line.map(pixel));
    drawing.querySelector(".borders").setAttribute("d", ends.map(([a, b]) => `M${a}L${b}`).join(""));
    told.textContent = `after ${steps} steps the loss is ${loss().toFixed(3)}`;
  }

  function walk() {
    cancelAnimationFrame(frame);
    const is_calm = calm.matches;
    const go = () => {
      let change = 1;
      for (let n = 0; (is_calm || n < 1) && steps < MOST && change > 1e-3; n++) {
        change = step();
      }
      paint();
      drawing.closest(".home-picture").dataset.state = change > 1e-3 && steps < MOST ? "walks" : "rests";
      if (change > 1e-3 && steps < MOST) {
        frame = requestAnimationFrame(go);
      }
    };
    frame = requestAnimationFrame(go);
  }

  function begin() {
    weights = classes.map(() => [0, 0, 0]);
    steps = 0;
    walk();
  }

  /* A point is moved with mouse or finger; the weights go on from where they are. */
  for (const circle of points) {
    circle.addEventListener("pointerdown", (event) => {
      circle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    circle.addEventListener("pointermove", (event) => {
      if (!circle.hasPointerCapture(event.pointerId)) {
        return;
      }
      const { left, top, width } = drawing.getBoundingClientRect();
      const inside = (value) => Math.min(size - 6, Math.max(6, value));
      circle.setAttribute("cx", inside(((event.clientX - left) / width) * size));
      circle.setAttribute("cy", inside(((event.clientY - top) / width) * size));
      steps = 0;
      walk();
    });
  }

  const bar = document.createElement("p");
  bar.className = "home-bar";
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-sm home-again";
  again.textContent = "Learn again";
  again.addEventListener("click", begin);
  const told = document.createElement("span");
  bar.append(again, told);
  drawing.closest(".home-picture").append(bar);
  begin();
})();
