'use strict';
// The status page: everything comes from the daemon as text and is put in as text, never as markup.
const kShown = 100;        // articles kept on the page
const kRecent = 20;        // of them that were there before the page was opened
const kFeedStep = 200;     // feed rows asked for and drawn at a time; the daemon gives 2000 at most
const kMostFeeds = 2000;
const kRefresh = 5000;     // milliseconds between looks at feeds, consumers, status

const by = (id) => document.getElementById(id);

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// ---- tabs

const tabs = [...document.querySelectorAll('[role=tab]')];
let current = 'articles';

function show(tab, focus) {
  for (const other of tabs) {
    const selected = other === tab;
    other.setAttribute('aria-selected', String(selected));
    other.tabIndex = selected ? 0 : -1;
    by(other.getAttribute('aria-controls')).hidden = !selected;
  }
  current = tab.getAttribute('aria-controls');
  // Not the panel's own id: a browser would begin there with the Tab key, and leave the tabs out.
  history.replaceState(null, '', '#/' + current);
  if (focus) tab.focus();
  refresh();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => show(tab, false));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(tabs[(index + step + tabs.length) % tabs.length], true);
    if (event.key === 'Home') show(tabs[0], true);
    if (event.key === 'End') show(tabs[tabs.length - 1], true);
  });
}

// ---- articles, as they arrive

function safeLink(url, text) {
  if (!/^https?:\/\//i.test(url ?? '')) return make('span', text);
  return make('a', text, { href: url, rel: 'noopener noreferrer', target: '_blank' });
}

function draw(article) {
  const own = article._newswire ?? {};
  const feed = own.feed?.title || own.feed?.id || '';
  const box = make('article', undefined, { tabindex: '0' });
  const heading = make('h2');
  heading.append(safeLink(article.url, article.title || article.url || article.id));
  const when = own.received ? new Date(own.received).toLocaleString() : '';
  const update = own.event === 'updated' ? `, revision ${own.revision}` : '';
  box.append(heading, make('p', `${feed}, ${when}${update}`, { class: 'quiet' }));
  const text = article.content_text || article.summary;
  if (text) box.append(make('p', text.slice(0, 2000), { class: 'text' }));
  for (const gone of own.stripped ?? []) {
    const line = make('p');
    line.append(make('del', (gone.text ?? '').slice(0, 500)), ' ', make('small', `${gone.rule} (${gone.where ?? ''})`));
    box.append(line);
  }
  box.dataset.words = `${article.title ?? ''} ${feed}`.toLowerCase();
  return box;
}

function filterArticles() {
  const wanted = by('article-filter').value.toLowerCase();
  for (const box of by('article-list').children) box.hidden = !(box.dataset.words ?? '').includes(wanted);
}

const waiting = [];
function place(articles) {
  waiting.push(...articles);
  if (by('hold').checked) {
    waiting.splice(0, Math.max(0, waiting.length - kShown));
    return;
  }
  const list = by('article-list');
  if (waiting.length > 0) list.querySelector(':scope > p')?.remove();
  for (const article of waiting.splice(0).slice(-kShown)) list.prepend(draw(article));
  while (list.children.length > kShown) list.lastElementChild.remove();
  filterArticles();
}
by('hold').addEventListener('change', () => place([]));
by('article-filter').addEventListener('input', filterArticles);

let next = null;  // the number behind the last article
// The page opens with the last few articles.
async function beginning() {
  const [status] = await lines('status');
  const { first, last } = status.spool;
  return last >= first && last > 0 ? Math.max(first, last - kRecent + 1) : 'latest';
}

async function follow() {
  const from = next ?? await beginning();
  const response = await fetch(`/articles?follow=1&from=${from}`, { headers: { Accept: 'application/x-ndjson' } });
  if (response.status === 410) next = (await response.json()).earliest;
  if (!response.ok) throw new Error(`the daemon answers ${response.status}`);
  by('connection').textContent = 'connected';
  by('connection').className = 'good';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    const articles = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    if (articles.length === 0) continue;
    next = articles[articles.length - 1]._newswire.seq + 1;
    place(articles);
  }
}

async function followForEver() {
  for (let pause = 500; ; pause = Math.min(pause * 2, 15000)) {
    try {
      await follow();
      pause = 500;
    } catch {
      // said on the page below
    }
    by('connection').textContent = 'not connected, trying again';
    by('connection').className = 'bad';
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

// ---- tables

async function lines(what) {
  const response = await fetch(`/api/${what}`);
  if (!response.ok) throw new Error(`the daemon answers ${response.status}`);
  return (await response.text()).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

function columnsOf(rows) {
  const columns = new Set();
  for (const row of rows.slice(0, 1000)) for (const name of Object.keys(row)) columns.add(name);
  return [...columns];
}

function words(value) {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (typeof value === 'object') return Object.entries(value).map(([name, inner]) => `${name}: ${words(inner)}`).join(', ');
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toLocaleString();
  return String(value);
}

function kind(name, value) {
  if (/error|fail|gone|stalled/.test(name)) return value && value !== 'false' && value !== '0' ? 'bad' : '';
  if (/^(ok|healthy|connected|true)$/.test(value)) return 'good';
  return '';
}

function table(head, body, rows) {
  const columns = columnsOf(rows);
  head.replaceChildren(make('tr'));
  for (const column of columns) head.firstElementChild.append(make('th', column.replaceAll('_', ' '), { scope: 'col' }));
  body.replaceChildren(...rows.map((row) => {
    const line = make('tr');
    for (const column of columns) {
      const value = words(row[column]);
      line.append(make('td', value, { class: kind(column, value) }));
    }
    return line;
  }));
}

// ---- feeds

// The learned rate over the hours of the day, UTC, as 24 bars.
function sparkline(perHour, label) {
  const svg = drawing('svg', { viewBox: '0 0 72 16', class: 'spark', role: 'img', 'aria-label': label });
  const highest = Math.max(...perHour, 0);
  for (const [hour, rate] of highest > 0 ? perHour.entries() : []) {
    const height = Math.max(1, (15 * rate) / highest);
    svg.append(drawing('rect', { x: hour * 3, y: 16 - height, width: 2, height, fill: 'currentColor' }));
  }
  return svg;
}

const kSpans = [['year', 31536000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
function ago(time) {
  if (!time) return make('span', '');
  const when = new Date(time);
  const seconds = Math.round((when - Date.now()) / 1000);
  const [unit, length] = kSpans.find(([, size]) => Math.abs(seconds) >= size) ?? kSpans[4];
  return make('time', relative.format(Math.round(seconds / length), unit),
    { datetime: time, title: when.toLocaleString() });
}

function feedRow(feed) {
  const row = make('tr');
  const cell = (...content) => {
    const td = make('td');
    td.append(...content.filter((part) => part !== '' && part !== undefined));
    row.append(td);
    return td;
  };
  const title = cell(safeLink(feed.url, feed.title || feed.id));
  title.append(make('br'), make('small', [feed.id, ...(feed.tags ?? [])].join(' · '), { class: 'quiet' }));
  if (feed.moved_to) title.append(make('br'), make('small', `moved to ${feed.moved_to}`));
  const bad = feed.failures > 0 || feed.status === 'gone';
  const state = cell(make('span', feed.status, { class: bad ? 'bad' : feed.status === 'ok' ? 'good' : 'quiet' }));
  if (feed.failures > 0) state.append(make('small', ` ${feed.failures} in a row`));
  if (feed.error) state.append(make('br'), make('small', feed.error.slice(0, 300)));
  const due = cell(ago(feed.next));
  due.append(make('br'), make('small', feed.why ?? feed.reason ?? '', { class: 'quiet' }));
  cell(ago(feed.last_new));
  const rate = (feed.per_day ?? 0).toLocaleString('en', { maximumSignificantDigits: 2 });
  cell(`${rate} `, sparkline(feed.per_hour ?? [], `articles by hour of the day, ${rate} a day`));
  cell(`${feed.articles ?? 0} / ${feed.polls ?? 0}`);
  return row;
}

let feedsShown = kFeedStep;
let feedQuestion = 0;
async function drawFeeds() {
  const question = ++feedQuestion;
  const parameters = new URLSearchParams({ limit: String(feedsShown), match: by('feed-filter').value });
  if (by('troubled').checked) parameters.set('troubled', '1');
  const [feeds, [status]] = await Promise.all([lines(`feeds?${parameters}`), lines('status')]);
  if (question !== feedQuestion) return;  // a newer one is under way
  by('feed-rows').replaceChildren(...feeds.map(feedRow));
  const full = feeds.length >= feedsShown;
  const all = status?.pipeline?.feeds ?? feeds.length;
  const counted = `${all} ${all === 1 ? 'feed' : 'feeds'}`;
  by('feed-count').textContent = full ? `the first ${feeds.length}; ${counted} in all` : `${feeds.length} of ${counted}`;
  by('feed-more').hidden = !full || feedsShown >= kMostFeeds;
}
function newQuestion() {
  feedsShown = kFeedStep;
  drawFeeds().catch(() => {});  // follow() says that there is no connection
}
let typing = 0;
by('feed-filter').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(newQuestion, 200);
});
by('troubled').addEventListener('change', newQuestion);
by('feed-more').addEventListener('click', () => {
  feedsShown = Math.min(kMostFeeds, feedsShown + kFeedStep);
  drawFeeds().catch(() => {});
});

// ---- status

function describe(list, value, prefix) {
  for (const [name, inner] of Object.entries(value)) {
    const label = (prefix ? `${prefix} ` : '') + name.replaceAll('_', ' ');
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) describe(list, inner, label);
    else list.append(make('dt', label), make('dd', words(inner)));
  }
}

async function drawThroughput() {
  const minutes = by('span').value;
  const [data] = await lines(`throughput?minutes=${minutes}`);
  if (minutes === by('span').value) drawPlots(by('plots'), data);
}
by('span').addEventListener('change', () => {
  drawThroughput().catch(() => {});  // follow() says that there is no connection
});

let refreshing = false;
async function refresh() {
  if (refreshing || document.hidden) return;
  refreshing = true;
  try {
    if (current === 'feeds') {
      await drawFeeds();
    } else if (current === 'consumers') {
      table(by('consumer-head'), by('consumer-rows'), await lines('consumers'));
    } else {
      const [status] = await lines('status');
      by('version').textContent = status?.version ?? '';
      if (current === 'status') {
        by('status-list').replaceChildren();
        describe(by('status-list'), status ?? {}, '');
        await drawThroughput();
      }
    }
  } catch {
    // follow() says that there is no connection
  } finally {
    refreshing = false;
  }
}

const wanted = tabs.find((tab) => '#/' + tab.getAttribute('aria-controls') === location.hash);
show(wanted ?? tabs[0], false);
setInterval(refresh, kRefresh);
followForEver();
