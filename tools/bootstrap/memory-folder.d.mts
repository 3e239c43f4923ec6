export declare function folderInMemory(memory?: string): string;
