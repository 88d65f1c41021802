import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { Donut } from './donut';

const LENGTH = 2 * Math.PI * 14;

function sharesShown(values: number[], total: number): number[] {
  const fixture = TestBed.createComponent(Donut);
  fixture.componentRef.setInput(
    'parts',
    values.map((value) => ({ value, colour: 'red' })),
  );
  fixture.componentRef.setInput('total', total);
  fixture.componentRef.setInput('label', 'Context window');
  fixture.detectChanges();
  const host: HTMLElement = fixture.nativeElement;
  const dashes = [...host.querySelectorAll('circle[stroke-dasharray]')];
  return dashes.map((circle) => Number(circle.getAttribute('stroke-dasharray')?.split(' ')[0]) / LENGTH);
}

describe('Donut', () => {
  it('shows parts by their share', () => {
    expect(sharesShown([50, 25, 0], 100).map((share) => share.toFixed(3))).toEqual(['0.500', '0.250', '0.000']);
  });

  it('shows the least as an arc that can be seen, nothing as nothing', () => {
    const [input = 0, output = 0] = sharesShown([3, 1], 200_000);
    expect(input + output).toBeCloseTo(0.06);
    expect(input / output).toBeCloseTo(3);
    expect(sharesShown([0, 0], 200_000)).toEqual([0, 0]);
  });

  it('never draws a negative arc, which would be a whole ring', () => {
    for (const share of [...sharesShown([-1, 1, 1], 100_000), ...sharesShown([120, 30], 100)]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});
