import { FormFileCollection } from './form-file.ts'
import { ValueCollection } from './value-collection.ts'

/** The values and files of a form. (ASP.NET Core: IFormCollection) */
export class FormCollection extends ValueCollection {
  readonly files: FormFileCollection

  constructor(pairs: Iterable<readonly [string, string]> = [], files: FormFileCollection = new FormFileCollection()) {
    super(pairs)
    this.files = files
  }
}
