/** Who asks. Workers have no actor: their moves are use cases of their own. */
export interface Actor {
  userId: string;
}
