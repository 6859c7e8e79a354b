import { fromJSON } from "@grpc/proto-loader";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageWriter } from "../../../proto/message-writer.ts";

const fields = {
  flag: { type: "bool", id: 1 },
  whole: { type: "uint64", id: 2 },
  real: { type: "double", id: 15 },
  text: { type: "string", id: 16 },
  inner: { type: "Message", id: 2_000 },
};
const definition = fromJSON({ nested: { Message: { fields } } }, { longs: Number, defaults: true })["Message"];

interface Message {
  readonly flag: boolean;
  readonly whole: number;
  readonly real: number;
  readonly text: string;
  readonly inner: Message | null;
}

const { deserialize } = definition as unknown as { readonly deserialize: (bytes: Buffer) => Message };
const writer = new MessageWriter();

function write(message: Message): void {
  if (message.inner !== null) {
    const { place } = writer;
    write(message.inner);
    writer.nest(2_000, place);
  }
  writer.text(16, message.text);
  writer.double(15, message.real);
  writer.whole(2, message.whole);
  writer.bool(1, message.flag);
}

const { message } = fc.letrec<{ readonly message: Message }>((tie) => ({
  message: fc.record({
    flag: fc.boolean(),
    whole: fc.oneof(fc.constant(0), fc.nat(300), fc.maxSafeNat()),
    // Of two zeros one is enough.
    real: fc.double({ noNaN: true }).map((value) => value + 0),
    text: fc.oneof(fc.string(), fc.string({ unit: "grapheme", maxLength: 2_000, size: "max" })),
    inner: fc.option(tie("message"), { maxDepth: 4 }),
  }),
}));

test("MessageWriter writes what protobufjs reads, whatever its size", () => {
  fc.assert(
    fc.property(message, (asked) => {
      writer.begin();
      write(asked);
      expect(deserialize(writer.end())).toEqual(asked);
    }),
  );
});

test("MessageWriter.end() is not written over by the next message", () => {
  writer.begin();
  writer.text(16, "first");
  const first = writer.end();
  writer.begin();
  writer.text(16, "other");
  writer.end();
  expect(deserialize(first).text).toBe("first");
});
