import { Injectable } from '@nestjs/common';
import { Clock, Database } from '@doorstep/platform';
import { recordChange } from '../changes';
import { refuse } from '../faults';
import { withTenant } from '../tenant';
import { fundedFen, type Project, projectFaults, projectWarnings } from './project';
import { SiteProjectEntity } from './project.entity';
import type { ProjectDto, SetProjectDto } from './projects.dto';
import type { SiteEntity } from './site.entity';
import { loadSite } from './sites.queries';
import { checkVersion } from './sites.service';
import { localTimeOf } from './wall-clock';

const NOTHING: Project & { version: number } = {
  costFen: null,
  funding: [],
  plannedStart: null,
  plannedOpening: null,
  version: 0,
};

/** The building project of a site. Its milestones are the site's own; here is what it costs and who pays. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  set(siteId: string, command: SetProjectDto): Promise<ProjectDto> {
    const project = {
      costFen: command.costFen ?? null,
      funding: (command.funding ?? []).map(({ source, amountFen, note }) => ({
        source,
        amountFen,
        ...(note !== undefined && { note }),
      })),
      plannedStart: command.plannedStart ?? null,
      plannedOpening: command.plannedOpening ?? null,
    };
    refuse('project_invalid', 'The project cannot be entered like this', projectFaults(project));
    return this.db.write(async (outer) => {
      const seen = await loadSite(outer, siteId);
      return withTenant(this.db, seen.operatorId, async (tx) => {
        // The site's row is locked, so that one project is entered once.
        const site = await loadSite(tx, siteId, { lock: true });
        const former = await tx.manager.findOneBy(SiteProjectEntity, { siteId });
        checkVersion(former ?? NOTHING, command.version);
        const version = (former?.version ?? 0) + 1;
        const changes = { ...project, version, updatedAt: this.clock.now() };
        if (former) await tx.manager.update(SiteProjectEntity, { siteId }, changes);
        else {
          const { operatorId, regionCode } = site;
          await tx.manager.insert(SiteProjectEntity, { siteId, operatorId, regionCode, ...changes });
        }
        const { operatorId } = site;
        const facts = { costFen: project.costFen, fundedFen: fundedFen(project) };
        recordChange(tx, changes.updatedAt, { action: 'projects:write', entity: siteId, operatorId, facts });
        return this.show(site, changes);
      });
    });
  }

  find(siteId: string): Promise<ProjectDto> {
    return this.db.read(async (tx) => {
      const site = await loadSite(tx, siteId);
      return this.show(site, (await tx.manager.findOneBy(SiteProjectEntity, { siteId })) ?? NOTHING);
    });
  }

  private show(site: SiteEntity, project: Project & { version: number }): ProjectDto {
    const { costFen, funding, plannedStart, plannedOpening, version } = project;
    return {
      siteId: site.id,
      costFen,
      funding,
      plannedStart,
      plannedOpening,
      fundedFen: fundedFen(project),
      areaM2: site.areaM2,
      costPerM2Fen: costFen === null ? null : Math.round(costFen / site.areaM2),
      version,
      warnings: projectWarnings(project, site.status, localTimeOf(this.clock.now(), site.timeZone).day),
    };
  }
}
