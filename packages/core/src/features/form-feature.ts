import type { FormCollection } from '../http/form-collection.ts'
import type { FormOptions } from '../http/form-options.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Reads the body of a request as a form. (ASP.NET Core: IFormFeature) */
export interface FormFeature {
  readonly hasFormContentType: boolean
  /** Reads once: later calls give the same form. */
  readFormAsync(options?: Partial<FormOptions>, signal?: AbortSignal): Promise<FormCollection>
}

export const FormFeature: FeatureKey<FormFeature> = createFeatureKey('FormFeature')
