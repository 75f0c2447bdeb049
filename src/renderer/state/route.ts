/** Where the window is. Each has an address, so that Back works and a second window can open on it. */
export type Route =
  | { readonly name: 'gallery' }
  /** The datasets; with an id, that one is selected. */
  | { readonly name: 'data'; readonly id: string | null }
  | { readonly name: 'experiment'; readonly id: string }
  /** The experiment of a stored run, to start from. */
  | { readonly name: 'run-experiment'; readonly runId: string }
  | { readonly name: 'run'; readonly runId: string }
  | { readonly name: 'runs' }
  | { readonly name: 'studies' }
  | { readonly name: 'study'; readonly studyId: string }
  /** Runs beside each other; none chosen yet where empty. */
  | { readonly name: 'compare'; readonly runIds: readonly string[] }
  /** Two runs under one epoch slider. */
  | { readonly name: 'side-by-side'; readonly runIds: readonly [string, string] }
  /** Nets that answer a drawing. */
  | { readonly name: 'pad'; readonly runIds: readonly string[] }
  /** The figures and tables of an experiment's runs; null to choose one. */
  | { readonly name: 'report'; readonly id: string | null }
  | { readonly name: 'settings' };

/** The hash of a route, e.g. "#/experiment/mine%2Fwide". */
export function formatRoute(route: Route): string {
  switch (route.name) {
    case 'experiment':
      return `#/experiment/${encodeURIComponent(route.id)}`;
    case 'data':
      return route.id === null ? '#/data' : `#/data/${encodeURIComponent(route.id)}`;
    case 'run':
      return `#/run/${encodeURIComponent(route.runId)}`;
    case 'run-experiment':
      return `#/run/${encodeURIComponent(route.runId)}/experiment`;
    case 'study':
      return `#/study/${encodeURIComponent(route.studyId)}`;
    case 'compare':
    case 'pad':
    case 'side-by-side':
      return [`#/${route.name}`, ...route.runIds.map(encodeURIComponent)].join('/');
    case 'report':
      return route.id === null ? '#/report' : `#/report/${encodeURIComponent(route.id)}`;
    case 'gallery':
    case 'runs':
    case 'studies':
    case 'settings':
      return `#/${route.name}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The route of a hash; the gallery for one that means nothing. */
export function parseRoute(hash: string): Route {
  const [place = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decode);
  const id = rest[0] ?? '';
  if (place === 'experiment' && id !== '') return { name: 'experiment', id: rest.join('/') };
  if (place === 'run' && id !== '') {
    return rest[1] === 'experiment' ? { name: 'run-experiment', runId: id } : { name: 'run', runId: id };
  }
  if (place === 'study' && id !== '') return { name: 'study', studyId: id };
  if (place === 'compare' || place === 'pad')
    return { name: place, runIds: rest.filter((part) => part !== '') };
  if (place === 'side-by-side' && id !== '' && rest[1]) return { name: place, runIds: [id, rest[1]] };
  if (place === 'report') return { name: 'report', id: id === '' ? null : rest.join('/') };
  if (place === 'data') return { name: 'data', id: id === '' ? null : id };
  if (place === 'runs' || place === 'studies' || place === 'settings') return { name: place };
  return { name: 'gallery' };
}
