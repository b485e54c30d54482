import { equalsText, StringComparison } from '../http/string-comparison.ts'
import { Environments } from './environments.ts'

/** What the host is for and where its files are. A service of every host. (.NET: IHostEnvironment) */
export abstract class HostEnvironment {
  /** Default `Production`. The names in `Environments` have their usual casing, whatever was configured. */
  abstract readonly environmentName: string
  /** Default: the name in the `package.json` of the program, else of the program's file. */
  abstract readonly applicationName: string
  /** An absolute path: where `appsettings.json` and the web root are. Default: the working directory. */
  abstract readonly contentRootPath: string

  isDevelopment(): boolean {
    return this.isEnvironment(Environments.Development)
  }

  isStaging(): boolean {
    return this.isEnvironment(Environments.Staging)
  }

  isProduction(): boolean {
    return this.isEnvironment(Environments.Production)
  }

  /** Compares without regard to case. */
  isEnvironment(name: string): boolean {
    return equalsText(this.environmentName, name, StringComparison.OrdinalIgnoreCase)
  }
}

/** The environment of a host that answers requests. (ASP.NET Core: IWebHostEnvironment) */
export abstract class WebHostEnvironment extends HostEnvironment {
  /** An absolute path: where static files are. Default: `wwwroot` in the content root, if there is one; else undefined. */
  abstract readonly webRootPath: string | undefined
}
