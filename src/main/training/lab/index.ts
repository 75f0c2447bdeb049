export {
  chainProducts,
  productPoints,
  type ChainedProductsSpec,
  type ProductSpread,
} from './chained-products.ts';
export { measureInitialisation, signalPoints, type LayerSignal } from './initialisation.ts';
export { runChainedProducts, runInitialisation } from './run-lab.ts';
