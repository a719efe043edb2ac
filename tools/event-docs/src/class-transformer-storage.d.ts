/** class-transformer publishes this file without a type beside it; the types lie in another folder of the package. */
declare module 'class-transformer/cjs/storage' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
