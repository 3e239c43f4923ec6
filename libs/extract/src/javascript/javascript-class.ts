/** How a path is read: `dts` declares types only, `tsx` and `jsx` hold JSX, `js` may hold it too. */
export type JavaScriptClass = 'ts' | 'dts' | 'tsx' | 'js' | 'jsx';
