'use strict';
// The throughput plots: what the daemon counted in each of the last minutes, as stacked bars with their numbers beside.
const kBars = 360;  // at most; a longer time is drawn as means of several minutes

const kPlots = [
  { title: 'Polls a minute, by outcome', text: count,
    series: [['fresh', 'something new'], ['unchanged', 'nothing new'], ['not_modified', 'not modified (304)'], ['failed', 'failed']] },
  { title: 'Articles a minute', text: count, series: [['articles', 'written to the spool']] },
  { title: 'Bytes a minute', text: size, series: [['bytes', 'received']] },
];

function count(number) {
  return number.toLocaleString('en', number < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 });
}

function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; bytes >= 1024 && unit < units.length - 1; ++unit) bytes /= 1024;
  return `${count(bytes)} ${units[unit]}`;
}

function drawing(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

// Means of as many neighbours as it takes for kBars bars.
function bars(values) {
  const step = Math.ceil(values.length / kBars);
  const means = [];
  for (let i = 0; i < values.length; i += step) {
    const some = values.slice(i, i + step);
    means.push(some.reduce((sum, value) => sum + value, 0) / some.length);
  }
  return means;
}

// The next of 1, 2, 5, 10, 20, 50 … that is not below; of bytes, in the unit in which they are told.
function roundUp(value, isBytes) {
  let unit = 1;
  while (isBytes && value / unit >= 1024) unit *= 1024;
  const power = unit * 10 ** Math.floor(Math.log10(value / unit));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= value);
}

// 100 high; the viewBox is as wide as there are bars.
function plotSvg(plot, data, label) {
  const layers = plot.series.map(([name]) => bars(data[name]));
  const width = layers[0].length;
  const floor = new Array(width).fill(0);
  const top = roundUp(Math.max(1, ...floor.map((_, i) => layers.reduce((sum, layer) => sum + layer[i], 0))), plot.text === size);
  const svg = drawing('svg', { viewBox: `0 0 ${width} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  const running = (Date.parse(data.started) - Date.parse(data.from)) / 60000;  // minutes before the start
  if (running > 0) {
    svg.append(drawing('rect', { class: 'before', x: 0, y: 0, width: (width * running) / data.fresh.length, height: 100 }));
  }
  for (const [n, layer] of layers.entries()) {
    let path = '';
    for (const [i, value] of layer.entries()) {
      if (value <= 0) continue;
      const height = (100 * value) / top;
      path += `M${i} ${(100 - floor[i]).toFixed(2)}h1v${(-height).toFixed(2)}h-1z`;
      floor[i] += height;
    }
    svg.append(drawing('path', { class: plot.series[n][0], d: path }));
  }
  return [svg, top];
}

function legend(plot, data) {
  const table = make('table', undefined, { class: 'legend' });
  const head = table.createTHead().insertRow();
  head.append(make('td'));
  for (const text of ['last minute', 'a minute', 'in all']) head.append(make('th', text, { scope: 'col' }));
  const before = (Date.parse(data.started) - Date.parse(data.from)) / 60000;
  const minutes = Math.max(1, data.fresh.length - Math.max(0, Math.floor(before)));
  const body = table.createTBody();
  for (const [name, text] of plot.series) {
    const values = data[name];
    const all = values.reduce((sum, value) => sum + value, 0);
    const row = body.insertRow();
    const heading = make('th', undefined, { scope: 'row' });
    heading.append(make('span', undefined, { class: `key ${name}` }), text);
    row.append(heading);
    // The minute that is under way says little; the one before it is whole.
    for (const value of [values.at(-2) ?? values.at(-1), all / minutes, all]) row.append(make('td', plot.text(value)));
  }
  return table;
}

function clock(time) {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function plotFigure(plot, data) {
  const sums = data.fresh.map((_, i) => plot.series.reduce((sum, [name]) => sum + data[name][i], 0));
  const most = Math.max(...sums);
  const label = `${plot.title}: ${plot.text(sums.at(-2) ?? sums.at(-1))} in the last minute, at most ${plot.text(most)}`;
  const [svg, top] = plotSvg(plot, data, label);
  const figure = make('figure');
  const axis = make('p', undefined, { class: 'axis quiet' });
  axis.append(make('time', clock(data.from), { datetime: data.from }), make('span', 'now'));
  figure.append(make('figcaption', plot.title), make('p', plot.text(top), { class: 'top quiet' }), svg, axis, legend(plot, data));
  return figure;
}

// `data`: what /api/throughput gives.
function drawPlots(place, data) {
  place.replaceChildren(...kPlots.map((plot) => plotFigure(plot, data)));
}
