import { addCurves, addLabCurves } from './curve-figures.ts';
import { addData } from './data-figures.ts';
import { addFields } from './field-figures.ts';
import { addInside } from './inside-figures.ts';
import { addTables } from './report-tables.ts';
import { addResults } from './result-figures.ts';
import { Collector, type FigureSource, type ReportFigures } from './source.ts';
import { findSubject } from './subject.ts';
import { addSweep } from './sweep-figures.ts';

export type { FigureSource, ReportFigures } from './source.ts';

/**
 * The figures and tables of an experiment's report, chosen by what the experiment is: a lab's measurements; curves,
 * predictions, data and the inside of a net; the boundary or the fit of one with few features; the sweep of a grid.
 * @throws StudioError `not-found` where nothing of it has finished
 */
export async function figuresOfExperiment(source: FigureSource, id: string): Promise<ReportFigures> {
  const subject = await findSubject(source, id);
  const into = new Collector(id);
  if (subject.best.detail.experiment.lab !== null) {
    await addLabCurves(into, source, subject);
  } else {
    await addCurves(into, source, subject);
    await addSweep(into, subject);
    await addFields(into, source, subject);
    await addResults(into, source, subject);
    await addData(into, source, subject);
    await addInside(into, source, subject);
  }
  await addTables(into, source, subject);
  return into.report;
}
