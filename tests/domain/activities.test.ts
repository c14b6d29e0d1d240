import { describe, expect, it } from 'vitest';
import { nextMeetingHour } from '@/domain/activities';

describe('the hour a meeting is offered to begin', () => {
  // 26 February 2027 is a Friday.
  it.each([
    ['2027-02-26T10:15', '2027-02-26T11:00'],
    ['2027-02-26T10:00', '2027-02-26T11:00'],
    ['2027-02-26T05:30', '2027-02-26T09:00'],
    ['2027-02-25T18:20', '2027-02-26T09:00'],
    ['2027-02-25T23:13', '2027-02-26T09:00'],
    ['2027-02-26T19:00', '2027-03-01T09:00'],
    ['2027-02-27T10:00', '2027-03-01T09:00'],
    ['2027-02-28T23:30', '2027-03-01T09:00'],
  ])('at %s is %s', (now, wanted) => {
    expect(nextMeetingHour(now)).toBe(wanted);
  });
});
