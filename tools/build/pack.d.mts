export declare function pack(root?: string, names?: readonly string[]): void;
