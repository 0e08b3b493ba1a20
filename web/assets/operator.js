// The chart of what was spent, by uPlot. Without scripts there are columns in its place, and in either case a table.
(() => {
  "use strict";
  const at = document.getElementById("spend-chart");
  if (!at || !window.uPlot) return;
  const days = JSON.parse(at.dataset.days);
  const cap = Number(at.dataset.cap);
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("span");
  at.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`; // resolves light-dark()
    return getComputedStyle(probe).color;
  };
  let chart;
  const draw = () => {
    chart?.destroy();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: `12px ${style.getPropertyValue("--font-system-ui")}` };
    const money = (v) => (v == null ? "" : "$" + v.toFixed(4).replace(/0{1,2}$/, ""));
    const series = [
      { label: at.dataset.day, value: (u, v) => (v == null ? "" : new Date(v * 1000).toLocaleDateString(at.dataset.locale, { timeZone: "UTC" })) },
      { label: at.dataset.spent, stroke: colour("--accent"), fill: colour("--accent-tint"), width: 2, paths: uPlot.paths.bars({ size: [0.7, 40] }), points: { show: false }, value: (u, v) => money(v) },
    ];
    const data = [days.map((d) => d[0]), days.map((d) => d[1])];
    if (cap > 0 && Math.max(...data[1]) > cap / 4) { // a cap that is far away would press the columns flat
      series.push({ label: at.dataset.over, stroke: colour("--bad"), width: 1, dash: [6, 4], points: { show: false }, value: (u, v) => money(v) });
      data.push(days.map(() => cap));
    }
    chart = new uPlot({
      width: at.clientWidth, height: 240, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "UTC"), series, cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [{ ...axis, values: (u, ticks) => ticks.map((t) => new Date(t * 1000).toLocaleDateString(at.dataset.locale, { day: "numeric", month: "short", timeZone: "UTC" })) }, { ...axis, size: 70, values: (u, ticks) => ticks.map(money) }],
    }, data, at);
    at.parentElement.classList.add("drawn");
  };
  draw();
  let width = at.clientWidth;
  new ResizeObserver(() => {
    if (at.clientWidth !== width) chart.setSize({ width: (width = at.clientWidth), height: 240 });
  }).observe(at);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
