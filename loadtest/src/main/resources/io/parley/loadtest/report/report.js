'use strict';
// Shows the values of a chart at the place that is pointed at.
document.querySelectorAll('figure.chart').forEach((figure) => {
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const plot = figure.querySelector('.plot');
  const cursor = figure.querySelector('.cursor');
  const tip = figure.querySelector('.tip');
  const nearest = (share) => {
    let best = 0;
    data.at.forEach((at, i) => {
      if (Math.abs(at - share) < Math.abs(data.at[best] - share)) best = i;
    });
    return best;
  };
  const row = (color, label, value) => {
    const line = document.createElement('div');
    if (color) {
      const dot = document.createElement('i');
      dot.className = color;
      line.append(dot);
    }
    line.append(label);
    if (value) {
      const bold = document.createElement('b');
      bold.textContent = value;
      line.append(bold);
    }
    return line;
  };
  const show = (event) => {
    if (data.at.length === 0) return;
    const box = plot.getBoundingClientRect();
    const i = nearest((event.clientX - box.left) / box.width);
    const x = data.at[i] * box.width;
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    cursor.style.visibility = 'visible';
    tip.replaceChildren(
      row('', data.x[i], ''),
      ...data.lines.filter((it) => it.values[i]).map((it) => row(it.color, it.label, it.values[i])),
      ...(data.faults[i] ? [row('fault-dot', data.faults[i], '')] : []));
    tip.hidden = false;
    const room = box.width - tip.offsetWidth;
    tip.style.left = Math.max(0, x < box.width / 2 ? Math.min(room, x + 12) : Math.min(room, x - tip.offsetWidth - 12)) + 'px';
  };
  const hide = () => {
    cursor.style.visibility = 'hidden';
    tip.hidden = true;
  };
  plot.addEventListener('pointermove', show);
  plot.addEventListener('pointerdown', show);
  plot.addEventListener('pointerleave', hide);
});
