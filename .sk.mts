import { readFileSync } from 'node:fs';
import { detectEncoding, decodeText } from './domain/imports/encoding';
import { detectDialect } from './domain/imports/dialect';
import { parseDateTime } from './domain/imports/dates';
const big = new Uint8Array(50_000_000); const src=readFileSync('/work/shared/data/cn-listed-companies/listed_companies.gb18030.csv'); for(let i=0;i<big.length;i+=src.length) big.set(src.subarray(0,Math.min(src.length,big.length-i)),i);
let t=performance.now(); console.log(detectEncoding(big,{truncated:true}), performance.now()-t);
t=performance.now(); decodeText(src,'gb18030'); console.log('decode', performance.now()-t);
const u=decodeText(src,'gb18030').repeat(20); const b=new TextEncoder().encode(u); t=performance.now(); console.log(b.length, detectEncoding(b), performance.now()-t);
t=performance.now(); console.log(detectDialect(u.slice(0,200000)), performance.now()-t);
t=performance.now(); for(let i=0;i<10000;i++) parseDateTime('2024-03-05 14:30',{order:'ymd',timeZone:'Asia/Shanghai'}); console.log('datetime us', (performance.now()-t)/10);
// pathological
t=performance.now(); detectDialect('"'.repeat(200000)); detectDialect("'".repeat(200000)); console.log('patho', performance.now()-t);
const { parseMoney } = await import('./domain/imports/numbers');
t=performance.now(); parseMoney(' '.repeat(20000)+'x',{currency:'USD',decimal:'.'}); parseMoney('1 '.repeat(20000)+'x(',{currency:'USD',decimal:'.'}); parseMoney('a '.repeat(20000)+'(',{currency:'USD',decimal:'.'}); console.log('patho money', performance.now()-t);
const { parseDate } = await import('./domain/imports/dates');
t=performance.now(); parseDate('5'+' -'.repeat(20000)+'x',{order:'ymd',timeZone:'UTC'}); console.log('patho date', performance.now()-t);
const { foldText, queryKeys } = await import('./domain/search-query');
const { searchKeys, sortKey } = await import('./domain/search-keys');
const { nameKey, domainKey } = await import('./domain/imports/matching');
for (const [n,x] of Object.entries({marks:'a'+'\u0301'.repeat(50000), dots:'a.'.repeat(50000), at:'a@'.repeat(50000), han:'重'.repeat(20000), digits:'1'.repeat(50000), dash:'a-'.repeat(50000), ltd: 'a'+' ltd'.repeat(20000)})) for (const [fn,f] of Object.entries({foldText,queryKeys,nameKey,domainKey,sortKey,searchKeys:(s:string)=>searchKeys([s])})) { t=performance.now(); let r=''; try { f(x); } catch(e){ r=String(e).slice(0,60);} const d=performance.now()-t; if(d>30||r) console.log(n,fn,Math.round(d),r); }
