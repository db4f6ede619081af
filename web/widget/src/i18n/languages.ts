import type { Catalog, More } from './catalog';

/** The languages beside English, each in two small files: what the first screens say, and the rest. */
export const languages = 'ar de es fa fr he it ja nl pl pt ru tr zh'.split(' ');

/**
 * Both by name. In the build this file is another (build.mjs): there all names have one ending in common, so that
 * the table, which everybody loads, is a line.
 */
export const firstTexts = async (language: string): Promise<Catalog> => ((await import(`./${language}.ts`)) as { core: Catalog }).core;
export const moreTexts = async (language: string): Promise<More> => ((await import(`./more/${language}.ts`)) as { more: More }).more;
