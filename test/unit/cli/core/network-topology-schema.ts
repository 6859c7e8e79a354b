/**
 * What the CRD of NetworkTopology demands, read off its openAPIV3Schema (diktyo-io/networktopology-api, manifests/crd.yaml at
 * 33e54d76ee0c, v1alpha1): the same fields, types, patterns and limits, without the statistics of an origin and the status, which controllers
 * write. Unlike the API server, which drops fields that it does not know, this refuses them. Costs are at most 100, as the plugin that
 * reads them has it; the CRD has no highest one.
 */
import { z } from "zod";

const quantity = z
  .union([z.int(), z.string()])
  .refine((value) =>
    /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/.test(
      String(value),
    ),
  );

const costInfo = z.strictObject({
  destination: z.string(),
  networkCost: z.int().min(0).max(100),
  bandwidthCapacity: quantity.optional(),
  bandwidthAllocated: quantity.optional(),
  isAllowed: z.boolean().optional(),
});

const originInfo = z.strictObject({ origin: z.string(), costList: z.array(costInfo).optional() });

const topologyInfo = z.strictObject({ topologyKey: z.string(), originList: z.array(originInfo) });

const weightInfo = z.strictObject({ name: z.string(), topologyList: z.array(topologyInfo) });

/** A resource as the API server takes it. */
export const networkTopologySchema = z.strictObject({
  apiVersion: z.literal("networktopology.diktyo.x-k8s.io/v1alpha1"),
  kind: z.literal("NetworkTopology"),
  metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({ weights: z.array(weightInfo), configmapName: z.string() }),
});
