import { describe, expect, it } from 'vitest';
import { parseQuickTask, type QuickTask } from '@/domain/quick-task';

// A Wednesday.
const clock = '2026-11-25T10:20';
const todo = (subject: string, more: Partial<QuickTask> = {}): QuickTask => ({ subject, type: 'todo', ...more });

describe('a task typed in one line', () => {
  it.each<[string, QuickTask]>([
    ['call Wang tomorrow 15:00', { subject: 'call Wang', type: 'call', dueOn: '2026-11-26', time: '15:00' }],
    ['Send the quote', todo('Send the quote')],
    ['Send the quote today', todo('Send the quote', { dueOn: '2026-11-25' })],
    [
      'Email Ada the contract on Friday at 3',
      { subject: 'Email Ada the contract', type: 'email', dueOn: '2026-11-27', time: '15:00' },
    ],
    ['review by Nov 30', todo('review', { dueOn: '2026-11-30' })],
    ['review 3 January', todo('review', { dueOn: '2027-01-03' })],
    ['Plan the fair 2027-03-31', todo('Plan the fair', { dueOn: '2027-03-31' })],
    ['next Monday 9am meet Lin', { subject: 'meet Lin', type: 'meeting', dueOn: '2026-11-30', time: '09:00' }],
    ['follow up in 2 weeks', todo('follow up', { dueOn: '2026-12-09' })],
    ['follow up in 2 hours', todo('follow up', { dueOn: '2026-11-25', time: '12:20' })],
    ['call back at 9:30', { subject: 'call back', type: 'call', dueOn: '2026-11-26', time: '09:30' }],
    [
      'pay the rent every month on the 31st',
      todo('pay the rent', { dueOn: '2026-11-30', recurrence: 'FREQ=MONTHLY;BYMONTHDAY=-1' }),
    ],
    [
      'standup every weekday 9am',
      todo('standup', { dueOn: '2026-11-25', time: '09:00', recurrence: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' }),
    ],
    [
      'report every 2 weeks on Monday',
      todo('report', { dueOn: '2026-11-30', recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO' }),
    ],
    ['tonight 8 pm send slides !high', todo('send slides', { dueOn: '2026-11-25', time: '20:00', priority: 'high' })],
    [
      'standup every Monday, Wednesday and Friday',
      todo('standup', { dueOn: '2026-11-25', recurrence: 'FREQ=WEEKLY;BYDAY=MO,WE,FR' }),
    ],
    ['review 2026/12/01', todo('review', { dueOn: '2026-12-01' })],
    ['dinner tonight at 8', todo('dinner', { dueOn: '2026-11-25', time: '20:00' })],
  ])('in English: %s', (line, wanted) => {
    expect(parseQuickTask(line, clock)).toEqual(wanted);
  });

  it.each<[string, QuickTask]>([
    ['明天下午3点 给王总打电话', { subject: '给王总打电话', type: 'call', dueOn: '2026-11-26', time: '15:00' }],
    ['给王总明天打电话', { subject: '给王总打电话', type: 'call', dueOn: '2026-11-26' }],
    ['寄样品', todo('寄样品')],
    ['后天上午九点半开会', { subject: '开会', type: 'meeting', dueOn: '2026-11-27', time: '09:30' }],
    ['下周一拜访张经理', { subject: '拜访张经理', type: 'meeting', dueOn: '2026-11-30' }],
    ['周五前把报价单改好', todo('把报价单改好', { dueOn: '2026-11-27' })],
    ['12月31日 续签合同', todo('续签合同', { dueOn: '2026-12-31' })],
    ['3天后跟进李总', todo('跟进李总', { dueOn: '2026-11-28' })],
    ['两周后发邮件确认', { subject: '发邮件确认', type: 'email', dueOn: '2026-12-09' }],
    ['半小时后回电', { subject: '回电', type: 'call', dueOn: '2026-11-25', time: '10:50' }],
    ['今晚8点 核对数据', todo('核对数据', { dueOn: '2026-11-25', time: '20:00' })],
    [
      '每周一上午10点 交周报',
      todo('交周报', { dueOn: '2026-11-30', time: '10:00', recurrence: 'FREQ=WEEKLY;BYDAY=MO' }),
    ],
    ['每2周的周一 对账', todo('对账', { dueOn: '2026-11-30', recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO' })],
    ['每月15号 催款', todo('催款', { dueOn: '2026-12-15', recurrence: 'FREQ=MONTHLY;BYMONTHDAY=15' })],
    ['月底 盘点 !高', todo('盘点', { dueOn: '2026-11-30', priority: 'high' })],
    ['每周一、三、五 站会', todo('站会', { dueOn: '2026-11-25', recurrence: 'FREQ=WEEKLY;BYDAY=MO,WE,FR' })],
    ['每周二和周四 对账', todo('对账', { dueOn: '2026-11-26', recurrence: 'FREQ=WEEKLY;BYDAY=TU,TH' })],
    ['每隔一周的周一 对账', todo('对账', { dueOn: '2026-11-30', recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO' })],
    ['每隔两天浇水', todo('浇水', { dueOn: '2026-11-25', recurrence: 'FREQ=DAILY;INTERVAL=3' })],
    ['明年12月1日续费', todo('续费', { dueOn: '2027-12-01' })],
    ['下个月5号付款', todo('付款', { dueOn: '2026-12-05' })],
    ['下月底盘点', todo('盘点', { dueOn: '2026-12-31' })],
    ['3日内回复', todo('回复', { dueOn: '2026-11-28' })],
    ['一周内完成验收', todo('完成验收', { dueOn: '2026-12-02' })],
    ['下午一点开会', { subject: '开会', type: 'meeting', dueOn: '2026-11-25', time: '13:00' }],
    ['15点30分 电话会议', { subject: '电话会议', type: 'meeting', dueOn: '2026-11-25', time: '15:30' }],
  ])('in Chinese: %s', (line, wanted) => {
    expect(parseQuickTask(line, clock)).toEqual(wanted);
  });

  it('keeps what only looks like a day', () => {
    expect(parseQuickTask('Call the Monday team', clock)).toEqual({ subject: 'Call the Monday team', type: 'call' });
    expect(parseQuickTask('May I ask', clock)).toEqual(todo('May I ask'));
    expect(parseQuickTask('Feb 30 party', clock)).toEqual(todo('Feb 30 party'));
    expect(parseQuickTask('order 25:00 widgets', clock).time).toBeUndefined();
    for (const line of [
      '处理一点问题',
      '整理上周五的纪要',
      '核对上月底的账单',
      '周一到周五值班',
      '每周末打扫',
      '去年12月1日的单子',
      'finish at 24:00',
    ])
      expect(parseQuickTask(line, clock)).toEqual(todo(line));
    expect(parseQuickTask('3日内部培训', clock)).toEqual(todo('内部培训', { dueOn: '2026-12-03' }));
    // Midnight is another day's: better no time than noon.
    expect(parseQuickTask('今晚12点 切换系统', clock)).toEqual(todo('12点切换系统', { dueOn: '2026-11-25' }));
    expect(parseQuickTask('中午12点 吃饭', clock)).toEqual(todo('吃饭', { dueOn: '2026-11-25', time: '12:00' }));
  });

  it('never loses the words: a line that is all day is its own subject', () => {
    expect(parseQuickTask('明天', clock)).toEqual(todo('明天', { dueOn: '2026-11-26' }));
    expect(parseQuickTask('tomorrow', clock)).toEqual(todo('tomorrow', { dueOn: '2026-11-26' }));
  });
});
