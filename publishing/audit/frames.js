// What all scripts here may call.

/** Resolves in the next frame; an idle browser has been seen to draw none for ten minutes. */
function frame() {
  return new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(done, 1000);
  });
}
