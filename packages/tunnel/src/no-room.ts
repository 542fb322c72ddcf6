/** There are as many streams as there may be: the answer is 503, and whoever asked comes again. The message says of what. */
export class NoRoom extends Error {}
