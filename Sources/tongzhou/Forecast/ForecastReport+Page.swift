extension ForecastReport {
  /// The page's style: phone first, light and dark, on paper too.
  static let style = """
    :root {
      --ground: #fbf7f0; --card: #fffdf9; --text: #2b2521; --quiet: #665b52; --line: #e0d6c8;
      --accent: #95391a; --second: #1f6446; color-scheme: light dark;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #1a1714; --card: #24201c; --text: #efe8df; --quiet: #b5a99c; --line: #40382f;
        --accent: #f0a583; --second: #8fd3b0;
      }
    }
    *, *::before, *::after { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--text); overflow-wrap: break-word;
      font: 1.0625rem/1.65 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
    }
    main { max-width: 70rem; margin: 0 auto; padding: 0 1rem 2rem; }
    h1 { font-size: 1.5rem; line-height: 1.35; }
    h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
    .quiet { color: var(--quiet); }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
    figure {
      margin: 0; padding: 0.75rem; min-width: 0;
      background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem;
    }
    figcaption { font-weight: 600; }
    .plot { position: relative; height: 16rem; }
    .table { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.95rem; }
    th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
    @media print { .table { overflow: visible; } }
    """

  /// Draws the charts from the page's data, and again in the other colours when the reader changes them.
  static let script = """
    (() => {
      "use strict";
      const data = JSON.parse(document.getElementById("data").textContent);
      let drawn = [];
      const draw = () => {
        for (const chart of drawn) chart.destroy();
        const style = getComputedStyle(document.documentElement);
        const colour = (name) => style.getPropertyValue(name).trim();
        const axis = { grid: { color: colour("--line") }, ticks: { color: colour("--quiet") } };
        drawn = data.charts.map((chart, number) => new Chart(document.getElementById("chart-" + number), {
          type: "line",
          data: {
            labels: data.labels,
            datasets: chart.series.flatMap((series) => {
              const own = colour(series.colour);
              const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: own + "33" };
              return [
                { ...edge, label: data.band, data: series.low, fill: false, isEdge: true },
                { ...edge, label: data.band, data: series.high, fill: "-1", isEdge: true },
                {
                  label: series.label, data: series.median, borderColor: own, backgroundColor: own,
                  borderWidth: 2, pointRadius: 3,
                },
              ];
            }),
          },
          options: {
            animation: false, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
            scales: { x: axis, y: { ...axis, beginAtZero: true } },
            plugins: {
              legend: {
                display: chart.series.length > 1,
                labels: { color: colour("--text"), filter: (item, all) => !all.datasets[item.datasetIndex].isEdge },
              },
            },
          },
        }));
      };
      draw();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    })();
    """
}
