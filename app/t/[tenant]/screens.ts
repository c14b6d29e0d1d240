import {
  Building2,
  CalendarClock,
  ChartColumn,
  CircleCheck,
  CopyCheck,
  Download,
  House,
  Import,
  Kanban,
  Package,
  Settings,
  Trash2,
  Users,
} from 'lucide-react';
import type { ObjectKey } from '@/components/records/use-object';
import type { Ahead } from '@/components/shell/ahead';
import { given, lazyScreen, lazyScreenWithMore, type Screen } from '@/components/shell/screen';
import { isOwnObject } from '@/domain/custom-fields';
import type { RecordObject } from '@/domain/objects';

const home = lazyScreen(
  () => import('@/components/home/home-page'),
  (m) => m.HomePage,
);
const deals = lazyScreen(
  () => import('@/components/deals/deals-page'),
  (m) => m.DealsPage,
);
const tasks = lazyScreen(
  () => import('@/components/tasks/tasks-page'),
  (m) => m.TasksPage,
);
const imports = lazyScreenWithMore(
  () => import('@/components/imports/imports-page'),
  (m) => m.ImportsPage,
);
const oneImport = lazyScreenWithMore(
  () => import('@/components/imports/import-page'),
  (m) => m.ImportPage,
);
const exported = lazyScreen(
  () => import('@/components/exports/exports-page'),
  (m) => m.ExportsPage,
);
const reports = lazyScreen(
  () => import('@/components/reports/reports-page'),
  (m) => m.ReportsPage,
);
const duplicates = lazyScreen(
  () => import('@/components/duplicates/duplicates-page'),
  (m) => m.DuplicatesPage,
);
const bin = lazyScreen(
  () => import('@/components/bin/bin-page'),
  (m) => m.BinPage,
);
const settings = lazyScreenWithMore(
  () => import('@/components/settings/settings-page'),
  (m) => m.SettingsPage,
);

const list = (object: RecordObject) =>
  lazyScreen(
    () => import('@/components/records/list-page'),
    (m) => given(m.ListPage, { object }),
  );
const ahead = (object: ObjectKey, id: string | undefined, ask: Ahead) =>
  void import('@/components/records/record-ahead').then(({ recordAhead }) => id && recordAhead(object, id, ask));
const record = (object: RecordObject) => ({
  ...lazyScreen(
    () => import('@/components/records/record-page'),
    (m) => given(m.RecordPage, { object }),
  ),
  ahead: (params: Record<string, string>, ask: Ahead) => ahead(object, params.id, ask),
});

const objectList = lazyScreen(
  () => import('@/components/objects/object-screens'),
  (m) => m.ObjectListScreen,
);
const objectRecord = lazyScreen(
  () => import('@/components/objects/object-screens'),
  (m) => m.ObjectRecordScreen,
);

/**
 * Every address of the product below `/t/<tenant>` and what is there. The order is that of the navigation; of two
 * that fit an address the first is taken.
 */
export const screens: readonly Screen[] = [
  { path: '/', title: 'home', ...home, keys: 'g h', nav: { section: 'top', icon: House, phone: true } },
  {
    path: '/tasks',
    title: 'tasks',
    ...tasks,
    keys: 'g t',
    permission: 'task.read',
    object: 'task',
    nav: { section: 'top', icon: CircleCheck },
  },
  {
    path: '/activities',
    title: 'activities',
    ...list('activity'),
    keys: 'g a',
    permission: 'activity.read',
    object: 'activity',
    nav: { section: 'top', icon: CalendarClock },
  },
  {
    path: '/activities/:id',
    title: 'activity',
    ...record('activity'),
    permission: 'activity.read',
    object: 'activity',
    under: '/activities',
  },
  {
    path: '/deals',
    title: 'deals',
    ...deals,
    keys: 'g d',
    permission: 'deal.read',
    object: 'deal',
    nav: { section: 'records', icon: Kanban, phone: true },
  },
  { path: '/deals/table', title: 'deals', ...deals, permission: 'deal.read', object: 'deal', under: '/deals' },
  {
    path: '/companies',
    title: 'companies',
    ...list('company'),
    keys: 'g c',
    permission: 'company.read',
    object: 'company',
    nav: { section: 'records', icon: Building2, phone: true },
  },
  {
    path: '/contacts',
    title: 'contacts',
    ...list('contact'),
    keys: 'g p',
    permission: 'contact.read',
    object: 'contact',
    nav: { section: 'records', icon: Users, phone: true },
  },
  {
    path: '/products',
    title: 'products',
    ...list('product'),
    keys: 'g o',
    permission: 'product.read',
    object: 'product',
    nav: { section: 'records', icon: Package },
  },
  {
    path: '/reports',
    title: 'reports',
    ...reports,
    keys: 'g r',
    permission: 'reports.read',
    nav: { section: 'tools', icon: ChartColumn },
  },
  {
    path: '/imports',
    title: 'imports',
    ...imports,
    keys: 'g i',
    permission: 'imports.run',
    nav: { section: 'tools', icon: Import },
  },
  { path: '/imports/:id', title: 'import', ...oneImport, permission: 'imports.run', under: '/imports' },
  {
    path: '/exports',
    title: 'exports',
    ...exported,
    keys: 'g e',
    permission: 'exports.run',
    nav: { section: 'tools', icon: Download },
  },
  {
    path: '/duplicates',
    title: 'duplicates',
    ...duplicates,
    permission: 'records.write',
    nav: { section: 'tools', icon: CopyCheck },
  },
  { path: '/bin', title: 'bin', ...bin, permission: 'records.read', nav: { section: 'tools', icon: Trash2 } },
  { path: '/settings', title: 'settings', ...settings, keys: 'g s', nav: { section: 'tools', icon: Settings } },
  { path: '/settings/:page', title: 'settings', ...settings, under: '/settings' },
  { path: '/settings/objects/:object', title: 'settings', ...settings, under: '/settings' },
  { path: '/objects/:object', title: 'object', ...objectList, permission: 'records.read' },
  {
    path: '/objects/:object/:id',
    title: 'object',
    ...objectRecord,
    ahead: ({ object = '', id }, ask) => isOwnObject(object) && ahead(object, id, ask),
    permission: 'records.read',
  },
  { path: '/deals/:id', title: 'deal', ...record('deal'), permission: 'deal.read', object: 'deal', under: '/deals' },
  {
    path: '/companies/:id',
    title: 'company',
    ...record('company'),
    permission: 'company.read',
    object: 'company',
    under: '/companies',
  },
  {
    path: '/contacts/:id',
    title: 'contact',
    ...record('contact'),
    permission: 'contact.read',
    object: 'contact',
    under: '/contacts',
  },
  {
    path: '/products/:id',
    title: 'product',
    ...record('product'),
    permission: 'product.read',
    object: 'product',
    under: '/products',
  },
  { path: '/tasks/:id', title: 'task', ...record('task'), permission: 'task.read', object: 'task', under: '/tasks' },
];
