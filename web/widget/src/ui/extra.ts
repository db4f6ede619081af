import more from '../style/more.css';
import { takeUp } from './dom';

/** The style of all parts that come later. */
export const adopt = (): void => takeUp(more);
