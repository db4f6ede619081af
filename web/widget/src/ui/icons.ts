const SVG = 'http://www.w3.org/2000/svg';

const shapes = {
    close: 'M6 6l12 12M18 6L6 18',
    back: 'M14.5 5.5L8 12l6.5 6.5',
    more: 'M12 5v.2M12 12v.2M12 19v.2',
    down: 'M6 9.5l6 6 6-6',
    send: 'M4.5 12L20 4.5 15.5 20l-3.8-6.2L4.5 12zM11.7 13.8L20 4.5',
    clip: 'M19.5 11.5l-7.6 7.4a4.6 4.6 0 0 1-6.4-6.6l8-7.8a3 3 0 0 1 4.3 4.3l-7.9 7.7a1.5 1.5 0 0 1-2.1-2.1l7-6.9',
    smile: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14.2c1.9 2.4 5.1 2.4 7 0M9.3 9.6v.6M14.7 9.6v.6',
    mic: 'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5',
    clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
    check: 'M5 12.5l4.6 4.5L19 7.5',
    cloud: 'M4 4l16 16M9 6.6A6 6 0 0 1 17.6 11 4 4 0 0 1 19.8 17M15.5 18.5H7.2A4.2 4.2 0 0 1 6.7 10',
    retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.8v4.4h-4.4',
    reply: 'M9.5 7L4.5 12l5 5M4.5 12H14a5.5 5.5 0 0 1 5.5 5.5v.5',
};

export type Icon = keyof typeof shapes;

export const icon = (name: Icon, size = 20): SVGSVGElement => drawing(shapes[name], name, size);

/** A line drawing on a 24-unit grid, in the colour of the text around it; silent to screen readers. */
export function drawing(shape: string, name: string, size = 20): SVGSVGElement {
    const svg = document.createElementNS(SVG, 'svg');
    const attributes = {
        viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor',
        'stroke-width': name === 'more' ? 3 : size < 16 ? 2.2 : 1.75, 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
        'aria-hidden': 'true', class: 'icon icon-' + name,
    };
    for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', shape);
    svg.append(path);
    return svg;
}
