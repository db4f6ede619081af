import { drawing } from './icons';

export const retryIcon = (size: number): SVGSVGElement => drawing('M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.8v4.4h-4.4', 'retry', size);
