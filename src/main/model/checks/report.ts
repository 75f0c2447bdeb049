/** Takes a fault: its path in the experiment, such as "training.loss", and what was found and the way out. */
export type Report = (path: string, message: string) => void;
