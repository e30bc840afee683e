// The npm clients of the matrix: reads questions as JSON lines from standard input, asks each with the client it names, and
// writes what the client understood as JSON lines to standard output.
import { createInterface } from 'node:readline';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createAnthropic } from '@ai-sdk/anthropic';
import { embedMany, generateText, jsonSchema, NoObjectGeneratedError, Output, streamText, tool } from 'ai';

globalThis.AI_SDK_LOG_WARNINGS = false;

const AT_ONCE = 6;
const TAG = 'X-SmashCost-Tag-Feature';

const made = new Map();
const once = (name, make) => made.get(name) ?? made.set(name, make()).get(name);
const openai = (q) =>
  once('openai', () => new OpenAI({ apiKey: q.key, baseURL: `${q.origin}/v1`, maxRetries: 0, timeout: 30_000 }));
const anthropic = (q) =>
  once('anthropic', () => new Anthropic({ apiKey: q.key, baseURL: q.origin, maxRetries: 0, timeout: 30_000 }));
const aiOpenai = (q) => once('ai-openai', () => createOpenAI({ apiKey: q.key, baseURL: `${q.origin}/v1` }));
const aiAnthropic = (q) => once('ai-anthropic', () => createAnthropic({ apiKey: q.key, baseURL: `${q.origin}/v1` }));
const aiCompatible = (q) =>
  once('ai-compatible', () =>
    createOpenAICompatible({
      name: 'smashcost',
      apiKey: q.key,
      baseURL: `${q.origin}/v1`,
      includeUsage: true,
      supportsStructuredOutputs: true,
    }),
  );

const clients = {
  'npm openai chat': async (q) => {
    const options = { headers: { [TAG]: q.tag } };
    if (q.kind === 'VECTORS') {
      return vectors(
        await openai(q).embeddings.create(
          { model: q.model, input: q.texts, ...(q.dimensions ? { dimensions: q.dimensions } : {}) },
          options,
        ),
      );
    }
    if (!q.stream) {
      return { wire: 'CHAT', body: await openai(q).chat.completions.create(q.chat, options) };
    }
    let reasoning = '';
    const stream = openai(q)
      .chat.completions.stream({ ...q.chat, stream_options: { include_usage: true } }, options)
      .on('chunk', (chunk) => {
        const delta = chunk.choices[0]?.delta ?? {};
        reasoning += delta.reasoning_content ?? delta.reasoning ?? '';
      });
    return { wire: 'CHAT', body: await stream.finalChatCompletion(), reasoning };
  },

  'npm openai responses': async (q) => {
    const options = { headers: { [TAG]: q.tag } };
    return {
      wire: 'RESPONSES',
      body: q.stream
        ? await openai(q).responses.stream(q.responses, options).finalResponse()
        : await openai(q).responses.create(q.responses, options),
    };
  },

  'npm @anthropic-ai/sdk': async (q) => {
    const options = { headers: { [TAG]: q.tag } };
    if (q.kind === 'COUNT') {
      const { max_tokens, ...body } = q.messages;
      return { count: (await anthropic(q).messages.countTokens(body, options)).input_tokens };
    }
    return {
      wire: 'MESSAGES',
      body: q.stream
        ? await anthropic(q).messages.stream(q.messages, options).finalMessage()
        : await anthropic(q).messages.create(q.messages, options),
    };
  },

  'ai @ai-sdk/openai chat': (q) =>
    q.kind === 'VECTORS' ? embed(q, aiOpenai(q).embedding(q.model), 'openai') : ai(q, aiOpenai(q).chat(q.model)),
  'ai @ai-sdk/openai responses': (q) => ai(q, aiOpenai(q).responses(q.model)),
  'ai @ai-sdk/openai-compatible': (q) =>
    q.kind === 'VECTORS'
      ? embed(q, aiCompatible(q).embeddingModel(q.model), 'smashcost')
      : ai(q, aiCompatible(q).chatModel(q.model)),
  'ai @ai-sdk/anthropic': (q) =>
    ai(q, aiAnthropic(q)(q.model), { anthropic: { structuredOutputMode: 'outputFormat' } }),
};

async function ai(q, model, providerOptions) {
  const schema = q.chat.response_format?.json_schema?.schema;
  const choice = q.chat.tool_choice;
  const call = {
    model,
    instructions: q.chat.messages.filter((m) => m.role === 'system').map((m) => m.content).join('\n') || undefined,
    messages: conversation(q.chat.messages),
    maxRetries: 0,
    maxOutputTokens: q.chat.max_completion_tokens,
    headers: { [TAG]: q.tag },
    providerOptions,
    abortSignal: AbortSignal.timeout(30_000),
  };
  if (q.chat.tools) {
    call.tools = Object.fromEntries(
      q.chat.tools.map(({ function: f }) => [
        f.name,
        tool({ description: f.description, inputSchema: jsonSchema(f.parameters) }),
      ]),
    );
    call.toolChoice = choice?.function ? { type: 'tool', toolName: choice.function.name } : choice;
  }
  if (schema) {
    call.output = Output.object({ schema: jsonSchema(schema) });
  }
  if (!q.stream) {
    let r;
    try {
      r = await generateText(call);
    } catch (e) {
      if (!NoObjectGeneratedError.isInstance(e)) {
        throw e;
      }
      // the model declined to follow the schema
      return told(e.text, '', [], e.finishReason, e.usage);
    }
    return told(r.text, r.reasoningText, r.toolCalls, r.finishReason, r.usage);
  }
  let failure;
  const r = streamText({ ...call, onError: ({ error }) => (failure ??= error) });
  await r.consumeStream({ onError: (error) => (failure ??= error) });
  if (failure) {
    for (const promise of [r.text, r.reasoningText, r.toolCalls, r.finishReason, r.usage]) {
      Promise.resolve(promise).catch(() => {});
    }
    throw failure;
  }
  return told(await r.text, await r.reasoningText, await r.toolCalls, await r.finishReason, await r.usage);
}

function told(text, reasoning, toolCalls, finishReason, usage) {
  return {
    facts: {
      text: text ?? '',
      reasoning: reasoning ?? '',
      // those of the provider's own tools are no business of the caller
      calls: toolCalls
        .filter((call) => !call.providerExecuted && call.toolName !== 'tool_search')
        .map((call) => ({ name: call.toolName, arguments: call.input ?? {} })),
      stop: finishReason,
      prompt: usage.inputTokens,
      cached: usage.inputTokenDetails?.cacheReadTokens,
      written: usage.inputTokenDetails?.cacheWriteTokens,
      completion: usage.outputTokens,
      thought: usage.outputTokenDetails?.reasoningTokens,
    },
  };
}

function conversation(messages) {
  const names = new Map();
  return messages
    .filter((m) => m.role !== 'system')
    .map((m) => {
      switch (m.role) {
        case 'assistant':
          return {
            role: 'assistant',
            content: [
              ...(m.content ? [{ type: 'text', text: m.content }] : []),
              ...(m.tool_calls ?? []).map((call) => {
                names.set(call.id, call.function.name);
                return {
                  type: 'tool-call',
                  toolCallId: call.id,
                  toolName: call.function.name,
                  input: JSON.parse(call.function.arguments),
                };
              }),
            ],
          };
        case 'tool':
          return {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: m.tool_call_id,
                toolName: names.get(m.tool_call_id) ?? 'tool',
                output: { type: 'text', value: m.content },
              },
            ],
          };
        default:
          return { role: 'user', content: typeof m.content === 'string' ? m.content : m.content.map(part) };
      }
    });
}

function part(p) {
  if (p.type === 'text') {
    return { type: 'text', text: p.text };
  }
  const data = /^data:([^;]+);base64,(.*)$/s.exec(p.image_url.url);
  return data
    ? { type: 'file', mediaType: data[1], data: data[2] }
    : { type: 'file', mediaType: 'image/*', data: new URL(p.image_url.url) };
}

async function embed(q, model, name) {
  const r = await embedMany({
    model,
    values: q.texts,
    maxRetries: 0,
    headers: { [TAG]: q.tag },
    providerOptions: q.dimensions ? { [name]: { dimensions: q.dimensions } } : undefined,
  });
  return { vectors: r.embeddings, tokens: r.usage.tokens };
}

function vectors(r) {
  return { vectors: r.data.map((each) => each.embedding), tokens: r.usage.prompt_tokens };
}

function failure(e) {
  const cause = e?.lastError ?? e;
  let body = cause?.error;
  if (body === undefined && typeof cause?.responseBody === 'string') {
    try {
      body = JSON.parse(cause.responseBody);
    } catch {
      body = undefined;
    }
  }
  const error = body?.error ?? body ?? {};
  return {
    failure: {
      status: cause?.status ?? cause?.statusCode ?? 0,
      type: error.type ?? null,
      code: error.code ?? null,
      message: String(error.message ?? cause?.message ?? cause) + (cause?.status ?? cause?.statusCode ? '' : ` (${cause?.name}: ${cause?.cause?.message ?? ''})`),
    },
  };
}

async function answer(q) {
  try {
    return await clients[q.client](q);
  } catch (e) {
    return failure(e);
  }
}

process.on('unhandledRejection', () => {});

const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) {
    continue;
  }
  const q = JSON.parse(line);
  const one = answer(q).then((a) => {
    process.stdout.write(`${JSON.stringify({ id: q.id, ...a })}\n`);
    running.delete(one);
  });
  running.add(one);
  if (running.size >= AT_ONCE) {
    await Promise.race(running);
  }
}
await Promise.all(running);
process.exit(0);
