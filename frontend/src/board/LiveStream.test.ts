import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readLive } from '../api/live';
import { ProblemError } from '../api/problem';
import { FakeEventSource } from '../testing/FakeEventSource';
import { happening } from '../testing/happening';
import { LiveStream, pauseBefore, rest, silence, stale, type Happening } from './LiveStream';

const refusal = (status: number, retryAfter?: number) =>
  new ProblemError({ title: 'No', status, code: 'no', detail: '', retryAfter });

/** A stream whose server refuses as `whyNot` says, and everything it said. */
function started(whyNot: ProblemError | undefined = undefined) {
  const said: Happening[] = [];
  const open = () => new FakeEventSource('/api/v1/live') as unknown as EventSource;
  const world = { open, read: readLive, whyNot: () => Promise.resolve(whyNot), random: () => 0, now: Date.now };
  const stream = new LiveStream(world, (each) => said.push(each));
  stream.start();
  return { stream, said, latest: () => said.at(-1) };
}

const opened = () => FakeEventSource.opened.length;
const goOn = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the stream of what is happening', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it('takes each picture whole, and passes over what is none', async () => {
    const { said, latest } = started();
    FakeEventSource.latest.say(happening());
    expect(latest()).toMatchObject({ state: 'open', lost: false, picture: { fewest: 1 } });
    const before = said.length;
    vi.spyOn(JSON, 'parse').mockImplementationOnce(() => {
      throw new SyntaxError('cut off');
    });
    FakeEventSource.latest.say(happening());
    expect(said).toHaveLength(before);
  });

  it('comes back after a lost connection, later each time, and keeps the picture meanwhile', async () => {
    const { latest } = started();
    FakeEventSource.latest.say(happening());
    FakeEventSource.latest.lose();
    expect(latest()).toMatchObject({ state: 'waiting', lost: true, picture: { fewest: 1 } });
    expect(FakeEventSource.held).toBe(0);
    await goOn(499);
    expect(opened()).toBe(1);
    await goOn(1);
    expect(opened()).toBe(2);
    FakeEventSource.latest.lose();
    await goOn(999);
    expect(opened()).toBe(2);
    await goOn(1);
    expect(opened()).toBe(3);
    expect(latest()).toMatchObject({ state: 'opening', lost: true });
    FakeEventSource.latest.say(happening());
    expect(latest()).toMatchObject({ state: 'open', lost: false });
    // All is well again, so the next time it does not wait as long.
    FakeEventSource.latest.lose();
    await goOn(500);
    expect(opened()).toBe(4);
  });

  it('waits twice as long each time, up to half a minute, scattered, and as long as it is asked to', () => {
    expect([0, 1, 2, 9].map((attempt) => pauseBefore(attempt, 0))).toEqual([500, 1000, 2000, 15_000]);
    expect([0, 9].map((attempt) => pauseBefore(attempt, 0.999))).toEqual([999.5, 29_985]);
    expect(pauseBefore(0, 0, 8000)).toBe(8000);
  });

  it('ends when the server says for good that it is not theirs', async () => {
    const { stream, latest } = started(refusal(403));
    FakeEventSource.latest.say(happening());
    FakeEventSource.latest.end({ status: 403 });
    await goOn(0);
    expect(latest()).toMatchObject({ state: 'ended', problem: { status: 403 }, picture: { fewest: 1 } });
    stream.back();
    await goOn(120_000);
    expect([opened(), FakeEventSource.held]).toEqual([1, 0]);
  });

  it('tries again when the server is only busy, after as long as it asks for', async () => {
    const { latest } = started(refusal(503, 8));
    FakeEventSource.latest.refuse();
    await goOn(7_999);
    expect(latest()).toMatchObject({ state: 'waiting', lost: true });
    expect(opened()).toBe(1);
    await goOn(1);
    expect(opened()).toBe(2);
  });

  it('looks after a long silence whether somebody is still there, and doubts nothing meanwhile', async () => {
    const { latest } = started();
    FakeEventSource.latest.say(happening());
    await goOn(silence);
    expect(opened()).toBe(2);
    expect(FakeEventSource.held).toBe(1);
    expect(latest()).toMatchObject({ state: 'open', lost: false });
    // Nobody was.
    await goOn(stale);
    expect(latest()).toMatchObject({ state: 'waiting', lost: true });
  });

  it('is new at once after sleep, but not whenever somebody looks', async () => {
    const { stream } = started();
    FakeEventSource.latest.say(happening());
    await goOn(stale);
    stream.back();
    expect(opened()).toBe(1);
    // A sleeping computer's timers do not run; its clock does.
    vi.setSystemTime(Date.now() + 3_600_000);
    stream.back();
    expect(opened()).toBe(2);
  });

  it('says at once that the network is gone, and is back with it', async () => {
    const { stream, latest } = started();
    FakeEventSource.latest.say(happening());
    stream.offline();
    expect(latest()).toMatchObject({ state: 'waiting', lost: true });
    stream.back();
    expect(opened()).toBe(2);
  });

  it('rests when nobody has looked for long, and goes on when somebody does', async () => {
    const { stream, latest } = started();
    FakeEventSource.latest.say(happening());
    stream.away();
    await goOn(rest - 1);
    expect(FakeEventSource.held).toBe(1);
    await goOn(1);
    expect(FakeEventSource.held).toBe(0);
    expect(latest()).toMatchObject({ state: 'resting', lost: false });
    const before = opened();
    await goOn(600_000);
    expect(opened()).toBe(before);
    stream.back();
    expect(FakeEventSource.held).toBe(1);
  });

  it('holds nothing once it is stopped', async () => {
    const { stream, said } = started(refusal(401));
    FakeEventSource.latest.end({ status: 401 });
    stream.away();
    stream.stop();
    const before = said.length;
    await goOn(600_000);
    expect([said.length, opened(), FakeEventSource.held]).toEqual([before, 1, 0]);
  });
});
