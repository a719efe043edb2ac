/** Which methods exist for a path, so that a wrong method is a 405 with Allow and not a 404. */
export class RouteTable {
  private readonly routes: { pattern: RegExp; methods: Set<string> }[] = [];
  private readonly byUrl = new Map<string, Set<string>>();

  add(methods: string | string[], url: string): void {
    let known = this.byUrl.get(url);
    if (!known) {
      known = new Set();
      this.byUrl.set(url, known);
      this.routes.push({ pattern: patternOf(url), methods: known });
    }
    for (const method of [methods].flat()) known.add(method.toUpperCase());
  }

  /** The methods that a path answers to; empty when there is no such path. */
  methodsOf(path: string): string[] {
    const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const found = this.routes
      .filter(({ pattern }) => pattern.test(bare))
      .flatMap(({ methods }) => [...methods]);
    return [...new Set(found)].sort();
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  });
  return new RegExp(`^${parts.join('/').replace(/\/$/, '')}$`);
}
