/**
 * Texts that would run something if a page took them for markup: what sets `window.__xss`, by every way a browser is
 * known to run scripts from markup, in every place markup may be broken out of.
 */
export function xssCorpus(): string[] {
  const run = 'window.__xss=1';
  const elements = [
    `<script>${run}</script>`,
    `<ScRiPt>${run}</sCrIpT>`,
    `<script/x>${run}</script>`,
    `<script src="data:text/javascript,${run}"></script>`,
    `<scr<script>ipt>${run}</scr</script>ipt>`,
    `<svg><script>${run}</script></svg>`,
    `<svg><script href="data:text/javascript,${run}"/></svg>`,
    `<math><mtext><script>${run}</script></mtext></math>`,
    `<iframe src="javascript:parent.${run}"></iframe>`,
    `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
    `<object data="javascript:${run}"></object>`,
    `<embed src="javascript:${run}">`,
    `<a href="javascript:${run}">x</a>`,
    `<a href="jav&#x09;ascript:${run}">x</a>`,
    `<a href="&#106;avascript:${run}">x</a>`,
    `<form action="javascript:${run}"><button>x</button></form>`,
    `<button formaction="javascript:${run}">x</button>`,
    `<base href="javascript:/${run}//">`,
    `<meta http-equiv="refresh" content="0;url=javascript:${run}">`,
    `<link rel="stylesheet" href="javascript:${run}">`,
    `<style>@import "javascript:${run}";</style>`,
    `<template><script>${run}</script></template>`,
    `<noscript><p title="</noscript><script>${run}</script>">`,
    `<textarea><script>${run}</script></textarea>`,
    `<math href="javascript:${run}">x</math>`,
    `<svg><use href="data:image/svg+xml,<svg id='x' onload='${run}'/>#x"/></svg>`,
    `<svg><animate onbegin="${run}" attributeName="x"/></svg>`,
    `<svg><set attributeName="href" to="javascript:${run}"/></svg>`,
    `<details open ontoggle="${run}">`,
    `<marquee onstart="${run}">`,
    `<input autofocus onfocus="${run}">`,
    `<video><source onerror="${run}"></video>`,
    `{{constructor.constructor('${run}')()}}`,
    `\${${run}}`,
    `<%= ${run} %>`,
    `javascript:${run}`,
    `data:text/html,<script>${run}</script>`,
    `vbscript:${run}`,
  ];
  const handlers = ['onload', 'onerror', 'onmouseover', 'onclick', 'onanimationstart', 'onpointerenter', 'onfocusin'];
  const carriers = [
    'img src=x',
    'svg',
    'body',
    'video src=x',
    'audio src=x',
    'div style="animation:x 1s"',
    'p tabindex=1',
  ];
  const inElements = carriers.flatMap((carrier) => handlers.map((handler) => `<${carrier} ${handler}=${run}>`));
  const breakouts = ['">', "'>", '</title>', '</textarea>', '</script>', '-->', ']]>', '"}}', '\\"});'];
  const broken = breakouts.flatMap((out) => [
    `${out}<img src=x onerror=${run}>`,
    `${out}<script>${run}</script>`,
    `${out}<svg onload=${run}>`,
  ]);
  const attributes = handlers.flatMap((handler) => [
    `" ${handler}="${run}`,
    `' ${handler}='${run}`,
    `x ${handler}=${run} `,
  ]);
  const encoded = elements
    .slice(0, 12)
    .flatMap((text) => [encodeURIComponent(text), text.replaceAll('<', '&lt;'), text.replaceAll('<', '\\u003c')]);
  const wide = elements.slice(0, 12).map((text) => text.replaceAll('<', '＜').replaceAll('>', '＞'));
  return [...elements, ...inElements, ...broken, ...attributes, ...encoded, ...wide];
}
