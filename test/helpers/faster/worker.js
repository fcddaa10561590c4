/** Loaded before a worker: other workflows, and pauses between attempts that are shorter by `FASTER` times. */
import common from '@temporalio/common';
import sdk from '@temporalio/worker';

const faster = Number(process.env.FASTER);
const { Worker } = sdk;
const { ApplicationFailure } = common;
const [createWorker, createFailure] = [Worker.create, ApplicationFailure.create];

Worker.create = (options) =>
  createWorker.call(Worker, {
    ...options,
    ...(options.workflowBundle && { workflowBundle: { codePath: process.env.FASTER_BUNDLE } }),
  });
ApplicationFailure.create = ({ nextRetryDelay, ...options }) =>
  createFailure.call(ApplicationFailure, {
    ...options,
    ...(nextRetryDelay !== undefined && { nextRetryDelay: Math.ceil(nextRetryDelay / faster) }),
  });
