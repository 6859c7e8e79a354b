/**
 * A cursor that writes one protobuf message into memory of its own, from its end towards its beginning: by the time the length of a text
 * or of a nested message is to be written, it is known. Fields are therefore written last first. Default values are left out, as proto3
 * has it (protobuf.dev/programming-guides/encoding).
 */

const firstBytes = 1_024;
const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
/** The longest varint of a safe integer. */
const varintBytesMax = 8;

/** Owns the memory, which grows with the largest message. */
export class MessageWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #at = firstBytes;

  /** Begins a message. */
  begin(): void {
    this.#at = this.#bytes.length;
  }

  /** The message since begin(). */
  end(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at));
  }

  /** A whole number of 0..2^53 - 1, or the number of an enum's value. */
  whole(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(value);
    this.#tag(field, varintType);
  }

  double(field: number, value: number): void {
    if (value === 0) return;
    this.#room(8);
    this.#at -= 8;
    this.#bytes.writeDoubleLE(value, this.#at);
    this.#tag(field, fixed64Type);
  }

  bool(field: number, value: boolean): void {
    if (value) this.whole(field, 1);
  }

  text(field: number, value: string): void {
    if (value === "") return;
    const { length } = value;
    this.#room(length);
    const written = this.#ascii(value, this.#at - length) ? length : this.#utf8(value);
    this.#varint(written);
    this.#tag(field, lengthType);
  }

  /** Where a nested message ends: what is written from here until nest() is in it. */
  get place(): number {
    return this.#bytes.length - this.#at;
  }

  /** Makes a nested message of what was written since `place`. */
  nest(field: number, place: number): void {
    this.#varint(this.place - place);
    this.#tag(field, lengthType);
  }

  // Names and sentences are short: the library takes longer to be called than they take to be copied.
  #ascii(value: string, at: number): boolean {
    const bytes = this.#bytes;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at + index] = code;
    }
    this.#at = at;
    return true;
  }

  #utf8(value: string): number {
    const length = Buffer.byteLength(value);
    this.#room(length);
    this.#at -= length;
    return this.#bytes.write(value, this.#at);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#room(varintBytesMax);
    const bytes = this.#bytes;
    let at = this.#at - varintBytes(value);
    this.#at = at;
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80), at += 1) bytes[at] = (rest % 0x80) | 0x80;
    for (; rest >= 0x80; rest >>>= 7, at += 1) bytes[at] = (rest & 0x7f) | 0x80;
    bytes[at] = rest;
  }

  #room(bytes: number): void {
    if (this.#at >= bytes) return;
    const written = this.#bytes.subarray(this.#at);
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + bytes);
    this.#at = larger.length - written.length;
    larger.set(written, this.#at);
    this.#bytes = larger;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) bytes += 1;
  return bytes;
}
