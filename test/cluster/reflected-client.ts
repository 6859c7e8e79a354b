/** A gRPC client that knows nothing of a service but its name: what it may ask comes from the server itself. */
import { createRequire } from "node:module";
import type { ClientReadableStream, ServiceClientConstructor, ServiceError } from "@grpc/grpc-js";
import { Client, credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync } from "@grpc/proto-loader";

/** A message as an object; names are those of the .proto files. */
export type Message = Readonly<Record<string, unknown>>;

/** Asks a service's methods by their names. */
export interface ReflectedClient {
  /** The services that the server lists. */
  readonly services: readonly string[];
  unary(method: string, request: Message): Promise<Message>;
  stream(method: string, request: Message): ClientReadableStream<Message>;
  close(): void;
}

interface ReflectionAnswer {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly errorResponse?: { readonly errorMessage: string };
}

type UnaryCall = (request: Message, callback: (error: ServiceError | null, response: Message) => void) => unknown;
type StreamCall = (request: Message) => ClientReadableStream<Message>;

// A proxy in the environment is for addresses elsewhere.
const channelOptions = { "grpc.enable_http_proxy": 0 };
const loaderOptions = { longs: Number, enums: String, defaults: true, oneofs: true };
const reflectionProto = createRequire(import.meta.url).resolve(
  "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
);

/** Makes a client of `service` at an address such as 127.0.0.1:7443 from what grpc.reflection.v1 tells there. */
export async function reflectedClient(address: string, service: string): Promise<ReflectedClient> {
  const listed = await ask(address, { listServices: "*" });
  const files = await ask(address, { fileContainingSymbol: service });
  const descriptors = files.fileDescriptorResponse?.fileDescriptorProto ?? [];
  const definition = loadFileDescriptorSetFromBuffer(fileDescriptorSet(descriptors), loaderOptions);
  const ServiceClient = constructorIn(loadPackageDefinition(definition), service);
  const client = new ServiceClient(address, credentials.createInsecure(), channelOptions);
  const methodOf = (name: string) => (client[name] as UnaryCall & StreamCall).bind(client);
  return {
    services: listed.listServicesResponse?.service.map(({ name }) => name) ?? [],
    unary: (method, request) =>
      new Promise((resolve, reject) => {
        methodOf(method)(request, (error, response) => (error === null ? resolve(response) : reject(error)));
      }),
    stream: (method, request) => methodOf(method)(request),
    close: () => client.close(),
  };
}

/** One question to the reflection service, on a stream of its own. */
async function ask(address: string, question: Message): Promise<ReflectionAnswer> {
  const method = loadSync(reflectionProto, loaderOptions)["grpc.reflection.v1.ServerReflection"] as unknown as {
    readonly ServerReflectionInfo: {
      readonly path: string;
      readonly requestSerialize: (value: Message) => Buffer;
      readonly responseDeserialize: (bytes: Buffer) => ReflectionAnswer;
    };
  };
  const { path, requestSerialize, responseDeserialize } = method.ServerReflectionInfo;
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  try {
    const answer = await new Promise<ReflectionAnswer>((resolve, reject) => {
      const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      call.on("data", resolve);
      call.on("error", reject);
      call.on("end", () => reject(new Error("Cannot reflect: the server ended the call without an answer")));
      call.end(question);
    });
    if (answer.errorResponse) throw new Error(`Cannot reflect: ${answer.errorResponse.errorMessage}`);
    return answer;
  } finally {
    client.close();
  }
}

// message FileDescriptorSet { repeated FileDescriptorProto file = 1; }
function fileDescriptorSet(files: readonly Buffer[]): Buffer {
  return Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a, ...varint(file.length)]), file]));
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function constructorIn(root: object, name: string): ServiceClientConstructor {
  const found = name
    .split(".")
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], root);
  if (typeof found !== "function") throw new Error(`Cannot find service ${name} in what the server told`);
  return found as unknown as ServiceClientConstructor;
}
