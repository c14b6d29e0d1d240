import { z } from 'zod';
import { anchorInput, commentBody, reactionSigns } from '@/domain/conversation';
import { searchText } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { addComment, editComment, findMentionable, listComments, removeComment } from './comments';
import { follow, listFollowers } from './followers';
import { react } from './reactions';

export const conversationRouter = router({
  list: procedure('conversation.read')
    .input(anchorInput)
    .query(({ ctx, input }) => listComments(ctx.work, input)),
  add: procedure('conversation.write')
    .input(anchorInput.extend({ body: commentBody, replyTo: z.uuid().nullish() }))
    .mutation(({ ctx, input }) => addComment(ctx.work, input)),
  edit: procedure('conversation.write')
    .input(idInput.extend({ body: commentBody, version: z.int().min(1).optional() }))
    .mutation(({ ctx, input }) => editComment(ctx.work, input)),
  remove: procedure('conversation.write')
    .input(idInput)
    .mutation(({ ctx, input }) => removeComment(ctx.work, input.id)),
  mentionable: procedure('conversation.read')
    .input(anchorInput.extend({ q: searchText.default('') }))
    .query(({ ctx, input }) => findMentionable(ctx.work, input)),
  react: procedure('conversation.write')
    .input(idInput.extend({ target: z.enum(['comment', 'note']), emoji: z.enum(reactionSigns) }))
    .mutation(({ ctx, input }) => react(ctx.work, input)),
  followers: procedure('conversation.read')
    .input(anchorInput)
    .query(({ ctx, input }) => listFollowers(ctx.work, input)),
  follow: procedure('conversation.read')
    .input(anchorInput.extend({ on: z.boolean() }))
    .mutation(({ ctx, input }) => follow(ctx.work, input)),
});
