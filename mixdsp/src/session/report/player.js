(() => {
  const player = document.getElementById("player");
  const play = document.getElementById("play");
  const waves = document.getElementById("waves");
  const seconds = Number(player.dataset.seconds) || 1;
  const names = ["mix", "master"];
  let context, buffers, gains, sources = null, started = 0, position = 0, current = "master";

  // Two sources run side by side, so that switching keeps the place to the sample.
  async function load() {
    context = new AudioContext();
    buffers = await Promise.all(names.map(name => {
      const text = atob(document.getElementById(name + "-wav").textContent);
      return context.decodeAudioData(Uint8Array.from(text, c => c.charCodeAt(0)).buffer);
    }));
    gains = names.map(() => {
      const gain = context.createGain();
      gain.connect(context.destination);
      return gain;
    });
  }
  const level = name => (name === current ? 1 : 0);
  function start() {
    started = context.currentTime + 0.03 - position;
    sources = buffers.map((buffer, at) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gains[at]);
      gains[at].gain.value = level(names[at]);
      source.start(context.currentTime + 0.03, position);
      return source;
    });
    player.classList.add("playing");
    play.setAttribute("aria-label", "Pause");
    draw();
  }
  function stop() {
    if (!sources) return;
    sources.forEach(source => source.stop());
    sources = null;
    player.classList.remove("playing");
    play.setAttribute("aria-label", "Play");
  }
  async function toggle() {
    if (sources) { position = now(); return stop(); }
    play.disabled = true;
    try {
      if (!buffers) await load();
      await context.resume();
      start();
    } finally { play.disabled = false; }
  }
  const now = () => Math.max(0, Math.min(seconds, sources ? context.currentTime - started : position));
  function show() {
    const at = now();
    document.getElementById("place").style.left = (100 * at / seconds) + "%";
    document.getElementById("clock").textContent = Math.floor(at / 60) + ":" + String(Math.floor(at % 60)).padStart(2, "0");
  }
  function draw() {
    if (sources && now() >= seconds) { stop(); position = 0; }
    show();
    if (sources) requestAnimationFrame(draw);
  }
  function choose(name) {
    current = name;
    waves.dataset.plays = name;
    names.forEach((other, at) => {
      document.getElementById(other).setAttribute("aria-pressed", String(other === name));
      if (sources) gains[at].gain.setTargetAtTime(level(other), context.currentTime, 0.005);
    });
  }
  play.addEventListener("click", toggle);
  names.forEach(name => document.getElementById(name).addEventListener("click", () => choose(name)));
  waves.addEventListener("click", event => {
    const box = waves.getBoundingClientRect();
    const running = sources !== null;
    stop();
    position = seconds * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    if (running) start(); else show();
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === "Space") { event.preventDefault(); toggle(); }
    if (event.key === "m" || event.key === "M") choose(current === "mix" ? "master" : "mix");
  });
  choose("master");
})();
